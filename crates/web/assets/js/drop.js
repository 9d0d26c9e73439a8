// A file dropped on the page is the file chosen; while it is sent, a bar says how far it is.
const form = document.querySelector("[data-drop]");
if (form) {
  const input = form.querySelector("input[type=file]");
  const over = (is) => form.toggleAttribute("data-over", is);
  addEventListener("dragover", (event) => {
    event.preventDefault();
    over(true);
  });
  addEventListener("dragleave", (event) => event.relatedTarget ?? over(false));
  addEventListener("drop", (event) => {
    event.preventDefault();
    over(false);
    if (!event.dataTransfer?.files.length) return;
    input.files = event.dataTransfer.files;
    form.requestSubmit();
  });
  input.addEventListener("change", () => input.files.length && form.requestSubmit());
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const [bar, button] = [form.querySelector("progress"), form.querySelector("button")];
    const request = new XMLHttpRequest();
    const refuse = (words) => {
      button.disabled = false;
      bar.hidden = true;
      form.querySelector("p").textContent = words;
    };
    button.disabled = true;
    bar.hidden = false;
    request.upload.addEventListener("progress", ({ loaded, total }) => (bar.value = total ? loaded / total : 0));
    request.addEventListener("load", () => {
      if (request.status < 400) return location.assign(request.responseURL);
      const answer = new DOMParser().parseFromString(request.responseText, "text/html");
      refuse(answer.querySelector("h1")?.textContent ?? "It could not be taken.");
    });
    request.addEventListener("error", () => {
      refuse("It did not get through; nothing was kept. Try again.");
    });
    request.open("POST", form.action);
    request.send(new FormData(form));
  });
}
