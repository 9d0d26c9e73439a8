// Ctrl/Cmd-K. The items are links in <template id="palette-items">, written by the server; this filters and follows them.
const dialog = document.getElementById("palette");
const input = dialog?.querySelector("input");
const list = dialog?.querySelector("[role=listbox]");
const source = document.getElementById("palette-items");
const read = (root) =>
  [...(root?.querySelectorAll("a[data-group], button[data-group]") ?? [])].map((element) => ({
    element,
    text: element.textContent.trim(),
    group: element.dataset.group,
  }));
const items = read(source?.content);
let found = []; // what the server knows by these letters: people, companies, campaigns
let asked = 0;
let shown = [];
let at = 0;

/** Letters in order, anywhere; runs and word starts weigh more. Returns matched positions or null. */
export function match(query, text) {
  const [q, t] = [query.toLowerCase().replaceAll(" ", ""), text.toLowerCase()];
  const hits = [];
  let score = 0;
  let from = 0;
  for (const letter of q) {
    const found = t.indexOf(letter, from);
    if (found < 0) return null;
    score += found === from && hits.length ? 3 : 0;
    score += found === 0 || t[found - 1] === " " ? 2 : 0;
    score -= (found - from) * 0.05;
    hits.push(found);
    from = found + 1;
  }
  return { hits, score };
}

function lit(text, hits) {
  const parts = document.createDocumentFragment();
  [...text].forEach((letter, i) => {
    const node = hits.includes(i) ? Object.assign(document.createElement("mark"), { textContent: letter }) : letter;
    parts.append(node);
  });
  parts.normalize();
  return parts;
}

function option(item, index) {
  const node = document.createElement("div");
  node.role = "option";
  node.id = `palette-${index}`;
  const label = document.createElement("span");
  label.append(lit(item.text, item.found?.hits ?? []));
  const icon = item.element.querySelector("svg");
  if (icon) node.append(icon.cloneNode(true));
  node.append(label);
  if (item.element.dataset.hint) node.append(Object.assign(document.createElement("small"), { textContent: item.element.dataset.hint }));
  for (const key of (item.element.dataset.keys ?? "").split(" ").filter(Boolean)) {
    node.append(Object.assign(document.createElement("kbd"), { className: "key", textContent: key }));
  }
  node.addEventListener("click", () => follow(index));
  node.addEventListener("pointermove", () => select(index));
  return node;
}

function draw() {
  const query = input.value.trim();
  const mine = items
    .map((item) => ({ ...item, found: query ? match(query, item.text) : null }))
    .filter((item) => !query || item.found);
  if (query) mine.sort((a, b) => b.found.score - a.found.score);
  shown = query ? [...found, ...mine] : mine;
  const groups = Map.groupBy(shown, (item) => item.group);
  shown = [...groups.values()].flat();
  list.replaceChildren();
  for (const [name, members] of groups) {
    const group = Object.assign(document.createElement("div"), { role: "group" });
    group.setAttribute("aria-label", name);
    const title = Object.assign(document.createElement("span"), { textContent: name });
    title.setAttribute("aria-hidden", "true");
    group.append(title, ...members.map((item) => option(item, shown.indexOf(item))));
    list.append(group);
  }
  dialog.querySelector(".none").hidden = shown.length > 0;
  list.hidden = !shown.length;
  select(0);
}

function select(index) {
  at = Math.max(0, Math.min(shown.length - 1, index));
  for (const node of list.querySelectorAll("[role=option]")) node.setAttribute("aria-selected", String(node.id === `palette-${at}`));
  input.setAttribute("aria-activedescendant", shown.length ? `palette-${at}` : "");
  document.getElementById(`palette-${at}`)?.scrollIntoView({ block: "nearest" });
}

function follow(index) {
  const element = shown[index]?.element;
  if (!element) return;
  dialog.close();
  if (element.href) location.assign(element.href);
  else document.querySelector(element.dataset.press)?.click();
}

// The server is asked once the letters rest; an answer that comes late is not shown.
function ask() {
  clearTimeout(asked);
  const query = input.value.trim();
  if (query.length < 2) {
    found = [];
    return draw();
  }
  draw();
  asked = setTimeout(async () => {
    const response = await fetch(`/search?q=${encodeURIComponent(query)}`).catch(() => null);
    if (!response?.ok || input.value.trim() !== query) return;
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    found = read(page.getElementById("found"));
    draw();
  }, 120);
}

export function open() {
  input.value = "";
  found = [];
  draw();
  dialog.showModal();
}

input?.addEventListener("input", ask);
input?.addEventListener("keydown", (event) => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) select(at + step);
  else if (event.key === "Enter") follow(at);
  else return;
  event.preventDefault();
});
dialog?.addEventListener("click", (event) => event.target === dialog && dialog.close());
document.addEventListener("click", (event) => {
  if (!event.target.closest("[data-palette]") || event.metaKey || event.ctrlKey) return;
  event.preventDefault();
  open();
});
document.addEventListener("keydown", (event) => {
  const wanted = (event.key.toLowerCase() === "k" && (event.metaKey || event.ctrlKey));
  const slash = event.key === "/" && !event.target.closest("input, textarea, select") && !document.querySelector("[data-slash]");
  if (!dialog || dialog.open || !(wanted || slash)) return;
  event.preventDefault();
  open();
});
