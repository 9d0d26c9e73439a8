// The keyboard. j/k move between rows, Enter follows the row's link (the browser does that), x ticks it,
// g + letter goes to a page, any other letter presses the [data-key] button of the row, then of the page.
const rows = () => [...document.querySelectorAll("[data-row]")].filter((row) => row.offsetParent);
const handle = (row) => row.querySelector("[data-handle]");
let chord = 0;

const typing = (target) => target.closest?.("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");
const here = () => document.activeElement?.closest("[data-row]") ?? document.querySelector("[data-row][data-current]");

function move(step) {
  const all = rows();
  if (!all.length) return;
  const at = all.indexOf(here());
  const next = all[Math.max(0, Math.min(all.length - 1, at < 0 ? 0 : at + step))];
  mark(next);
  handle(next)?.focus();
  next.scrollIntoView({ block: "nearest" });
}

function mark(row) {
  for (const old of document.querySelectorAll("[data-row][data-current]")) old.removeAttribute("data-current");
  row.setAttribute("data-current", "");
  handle(row)?.dispatchEvent(new CustomEvent("touchline:current", { bubbles: true }));
}

// What a row opens at the side is shown also where the side is below the list. The row, not its link: it may move as it
// becomes the current one, under the finger.
document.addEventListener("click", ({ target }) => {
  const opens = !target.closest?.("form") && target.closest?.("[data-row]")?.querySelector('[hx-target="#focus"]');
  const side = opens && document.getElementById("focus");
  if (side && side.getBoundingClientRect().top > innerHeight / 2) side.scrollIntoView();
});

function go(letter) {
  const link = document.querySelector(`[data-go="${CSS.escape(letter)}"]`);
  if (link) location.assign(link.href);
}

function press(letter) {
  const selector = `[data-key="${CSS.escape(letter)}"]`;
  const open = document.querySelector("dialog[open]");
  const target = (open ?? here() ?? document).querySelector(selector) ?? (open ? null : document.querySelector(selector));
  if (!target) return false;
  if (target.matches("input, textarea")) target.focus();
  if (!target.matches("textarea, [type=search], [type=text]")) target.click();
  return true;
}

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.metaKey || event.ctrlKey || event.altKey) return;
  if (typing(event.target)) {
    if (event.key === "Escape") event.target.blur();
    return;
  }
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  if (chord && Date.now() - chord < 1200) {
    chord = 0;
    event.preventDefault();
    return go(key);
  }
  chord = 0;
  const open = document.querySelector("dialog[open]");
  if (!open && key === "g") chord = Date.now();
  else if (!open && (key === "j" || key === "k")) move(key === "j" ? 1 : -1);
  else if (!open && key === "x") here()?.querySelector("input[type=checkbox]")?.click();
  else if (!open && key === "?") document.getElementById("keys")?.showModal();
  else if (key.length !== 1 || key === " " || !press(key)) return;
  event.preventDefault();
});

document.addEventListener("focusin", (event) => {
  const row = event.target.closest("[data-row]");
  if (row && !row.hasAttribute("data-current")) mark(row);
});

// Ticks: the head box ticks the page, the bulk bar says how many.
const count = (form) => {
  const n = form.querySelectorAll("tbody input:checked").length;
  for (const place of form.querySelectorAll("[data-picked]")) place.textContent = `${n} selected`;
};
document.addEventListener("change", ({ target }) => {
  const form = target.closest(".pickable");
  if (!form || target.type !== "checkbox") return;
  if (target.closest("thead")) for (const box of form.querySelectorAll("tbody .tick input")) box.checked = target.checked;
  count(form);
});
for (const form of document.querySelectorAll(".pickable")) count(form);
document.addEventListener("touchline:fresh", ({ target }) => {
  const form = target.closest(".pickable") ?? target.querySelector(".pickable");
  if (form) count(form);
});

// Buttons that open and close dialogs.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-open], [data-close]");
  if (!button) return;
  if (button.dataset.open) document.getElementById(button.dataset.open)?.showModal();
  else button.closest("dialog")?.close();
});

// A filter is applied as soon as it is chosen; without a script its button does it.
document.addEventListener("change", ({ target }) => {
  if (target.matches("form[data-auto] select")) target.form.requestSubmit();
});
