// What was just done stays until the next action or Escape. The server writes it; this shows it.
const show = () => {
  const toast = document.getElementById("toast");
  if (toast?.hasAttribute("data-show") && !toast.matches(":popover-open")) toast.showPopover();
};

document.addEventListener("keydown", (event) => {
  const toast = document.getElementById("toast");
  if (event.key === "Escape" && toast?.matches(":popover-open") && !document.querySelector("dialog[open]")) toast.hidePopover();
});
document.addEventListener("htmx:afterSettle", show);
show();
