// News without a reload. The server says when something new is in; the page asks itself again and takes the parts that
// carry data-live, by their ids. Nothing moves under somebody who types, ticks or has a dialog open.
let seen = document.body.dataset.news;
let wanted = false;

const busy = (part) =>
  part.contains(document.activeElement?.closest("input, textarea, select")) ||
  part.querySelector("input:checked:not([data-calm])") ||
  document.querySelector("dialog[open]:not(#palette)");

/** What is folded out or in by hand stays so. */
function fold(part, next) {
  const all = (root) => {
    const seen = {};
    return [...root.querySelectorAll("details")].map((one) => {
      const place = one.closest("[id]").id;
      return [`${place} ${(seen[place] = (seen[place] ?? 0) + 1)}`, one];
    });
  };
  const before = new Map(all(part));
  for (const [key, one] of all(next)) if (before.has(key)) one.open = before.get(key).open;
}

async function take() {
  if (document.hidden) return void (wanted = true);
  wanted = false;
  // A page that answers a form has an address of its own.
  const here = document.querySelector('link[rel="canonical"]')?.href ?? location.href;
  const response = await fetch(here, { headers: { "x-live": "1" } }).catch(() => null);
  if (!response?.ok) return;
  const fresh = new DOMParser().parseFromString(await response.text(), "text/html");
  for (const part of document.querySelectorAll("[data-live]")) {
    const next = fresh.getElementById(part.id);
    if (!next || busy(part) || next.outerHTML === part.dataset.was) continue;
    const row = part.contains(document.activeElement) && document.activeElement.closest("[data-row]")?.id;
    const current = part.querySelector("[data-row][data-current]")?.id;
    const [top, was] = [part.scrollTop, next.outerHTML];
    fold(part, next);
    part.replaceWith(next);
    next.dataset.was = was;
    next.scrollTop = top;
    if (current) document.getElementById(current)?.setAttribute("data-current", "");
    if (row) document.getElementById(row)?.querySelector("[data-handle]")?.focus();
    window.htmx?.process(next);
    next.dispatchEvent(new CustomEvent("touchline:fresh", { bubbles: true }));
  }
}

function lost(is) {
  document.documentElement.toggleAttribute("data-lost", is);
}

function listen() {
  const news = new EventSource("/live");
  news.addEventListener("news", ({ data }) => {
    lost(false);
    if (data !== seen) take();
    seen = data;
  });
  news.addEventListener("lost", () => lost(true));
  news.addEventListener("error", () => {
    lost(true);
    // Browsers ask again by themselves, but not after a refusal.
    if (news.readyState === EventSource.CLOSED) setTimeout(listen, 5000);
  });
  addEventListener("pagehide", () => news.close());
}

if (document.querySelector("[data-live]")) {
  listen();
  document.addEventListener("visibilitychange", () => wanted && !document.hidden && take());
}

// A page that says "try again" does so by itself.
const again = document.querySelector("[data-again]");
if (again) setTimeout(() => location.reload(), again.dataset.again * 1000);
