// What was just done stays until the next action or Escape. The server writes it; this shows it.
const show = () => {
  const toast = document.getElementById("toast");
  if (toast?.hasAttribute("data-show") && !toast.matches(":popover-open")) toast.showPopover();
};

// A part of the page that could not be fetched: what was said instead, in place of the toast before.
const failed = (words) => {
  const toast = document.getElementById("toast");
  if (!toast) return;
  const text = Object.assign(document.createElement("p"), { textContent: words });
  toast.replaceChildren(text, ...toast.querySelectorAll(":scope > button"));
  toast.classList.add("failed");
  if (!toast.matches(":popover-open")) toast.showPopover();
};
document.addEventListener("htmx:responseError", ({ detail }) => {
  const page = new DOMParser().parseFromString(detail.xhr.responseText, "text/html");
  failed(page.querySelector("h1")?.textContent ?? "It could not be fetched.");
});
document.addEventListener("htmx:sendError", () => failed("Touchline does not answer. Nothing was changed."));

document.addEventListener("keydown", (event) => {
  const toast = document.getElementById("toast");
  if (event.key === "Escape" && toast?.matches(":popover-open") && !document.querySelector("dialog[open]")) toast.hidePopover();
});
document.addEventListener("htmx:afterSettle", show);
show();
