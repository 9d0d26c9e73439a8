// A page that is left before it has faded in is no error: the browser tells of each as of a promise that nobody caught.
const left = (reason) => reason instanceof DOMException && reason.name === "AbortError" && /transition/i.test(reason.message);
addEventListener("unhandledrejection", (event) => left(event.reason) && event.preventDefault());
for (const moment of ["pageswap", "pagereveal"]) {
  addEventListener(moment, ({ viewTransition }) => viewTransition?.ready.catch(() => {}));
}
