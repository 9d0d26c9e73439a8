// <time datetime> in the reader's own zone. The server writes the workspace's zone; this refines it.
// data-as: "ago" (relative, under a week), "clock" (09:42), "day" (Tue 16 Jun), "full". The title is always full.
const pinned = document.querySelector('meta[name="clock"]')?.content; // a fixed clock for tests and demos
const started = Date.now();
const now = () => (pinned ? Date.parse(pinned) + (Date.now() - started) : Date.now());

const lang = document.documentElement.lang || "en";
const format = (options) => new Intl.DateTimeFormat(lang, options);
const clock = format({ hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const day = format({ weekday: "short", day: "numeric", month: "short" });
const date = format({ day: "numeric", month: "short", year: "numeric" });
const full = format({ dateStyle: "full", timeStyle: "long" });

export function ago(then, at) {
  const seconds = Math.round((at - then) / 1000);
  const [size, sign] = [Math.abs(seconds), seconds >= 0];
  const say = (n, unit) => (sign ? `${n} ${unit} ago` : `in ${n} ${unit}`);
  if (size < 60) return sign ? "just now" : "now";
  if (size < 3600) return say(Math.floor(size / 60), "min");
  if (size < 86400) return say(Math.floor(size / 3600), "h");
  if (size < 7 * 86400) return say(Math.floor(size / 86400), "d");
  const year = (ms) => new Date(ms).getFullYear();
  return year(then) === year(at) ? format({ day: "numeric", month: "short" }).format(then) : date.format(then);
}

const write = {
  ago: (then) => ago(then, now()),
  clock: (then) => clock.format(then),
  day: (then) => day.format(then),
  full: (then) => `${day.format(then)}, ${clock.format(then)}`,
};

export function refresh(root = document) {
  for (const element of root.querySelectorAll("time[data-as]")) {
    const then = Date.parse(element.dateTime);
    if (Number.isNaN(then)) continue;
    const text = write[element.dataset.as]?.(then);
    if (text && element.textContent !== text) element.textContent = text;
    element.title = full.format(then);
  }
}

refresh();
setInterval(refresh, 30_000);
document.addEventListener("htmx:afterSwap", () => refresh());
document.addEventListener("touchline:fresh", (event) => refresh(event.target));
