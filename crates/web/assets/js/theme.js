// Two choices of the reader: theme (light, dark, system) and a wide or narrow sidebar.
// Kept in cookies, so the server renders both attributes and nothing flashes.
const root = document.documentElement;
const read = (name) => document.cookie.match(`(?:^|; )${name}=([^;]*)`)?.[1];
const keep = (name, value) => {
  document.cookie = `${name}=${value}; path=/; max-age=31536000; samesite=lax`;
};

// The zone the reader sits in: the server writes times in it, so that nothing shifts.
const zone = encodeURIComponent(Intl.DateTimeFormat().resolvedOptions().timeZone ?? "");
if (zone && read("tz") !== zone) keep("tz", zone);

const isDark = () =>
  root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;

export function toggleTheme() {
  root.dataset.theme = isDark() ? "light" : "dark";
  keep("theme", root.dataset.theme);
  label();
}

export function toggleSide() {
  if (root.dataset.side) delete root.dataset.side;
  else root.dataset.side = "narrow";
  keep("side", root.dataset.side ?? "wide");
  label();
}

function label() {
  for (const button of document.querySelectorAll("[data-theme-toggle]")) {
    const next = isDark() ? "light" : "dark";
    button.setAttribute("aria-label", `Switch to ${next} theme`);
    const use = button.querySelector("use");
    use?.setAttribute("href", use.getAttribute("href").replace(/#.*/, isDark() ? "#sun" : "#moon"));
  }
  for (const button of document.querySelectorAll("[data-side-toggle]")) {
    button.setAttribute("aria-expanded", String(root.dataset.side !== "narrow"));
  }
}

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-theme-toggle]")) toggleTheme();
  if (event.target.closest("[data-side-toggle]")) toggleSide();
});
label();
