// What the browser tests share: the real binary on a demo of its own, the machine's Chromium, and the checks that every flow
// ends with: axe finds nothing, nothing stands in the console, nothing scrolls sideways, in both themes and two widths.
import { spawn, spawnSync } from "node:child_process";
import fs from "node:fs";
import { createRequire } from "node:module";
import os from "node:os";
import path from "node:path";
import { after, afterEach, before } from "node:test";
import { fileURLToPath } from "node:url";
import assert from "node:assert/strict";
import { chromium } from "playwright-core";

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const built = process.env.CARGO_TARGET_DIR ?? path.join(root, "target");
const binary = process.env.TOUCHLINE_BINARY ?? path.join(built, "debug/touchline");
const shots = process.env.TOUCHLINE_SHOTS ?? path.join(built, "e2e");
const axe = fs.readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const flags = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];

/** The demo workspace with its server, and a browser beside it. */
export let world;
before(async () => (world = await open()));
after(() => world?.close());
const contexts = [];
afterEach(() => Promise.all(contexts.splice(0).map((context) => context.close().catch(() => {}))));

/** A home of its own for a database, and what runs on it. */
export function workspace() {
  const home = fs.mkdtempSync(path.join(os.tmpdir(), "touchline-e2e-"));
  fs.chmodSync(home, 0o755); // run as root, the database's server is another user
  const env = { ...process.env, TOUCHLINE_HOME: home };
  delete env.DATABASE_URL;
  delete env.INSTANTLY_API_KEY;
  const run = (...words) => {
    const { status, stdout, stderr } = spawnSync(binary, words, { env, encoding: "utf8" });
    assert.equal(status, 0, `touchline ${words.join(" ")}: ${stderr}`);
    return stdout;
  };
  const ends = [];
  /** Starts a server on the workspace: its address, and its end. */
  const start = (...words) => {
    const server = spawn(binary, ["serve", "--listen", "127.0.0.1:0", ...words], { env, stdio: ["ignore", "ignore", "pipe"] });
    const gone = new Promise((resolve) => server.on("exit", resolve));
    const end = () => server.kill("SIGTERM") && gone;
    ends.push(end);
    return new Promise((resolve, reject) => {
      let said = "";
      server.stderr.on("data", (bytes) => {
        said += bytes;
        const found = said.match(/http:\/\/[\d.:]+/);
        if (found) resolve({ address: found[0], end });
      });
      gone.then(() => reject(new Error(said)));
    });
  };
  const serve = async (...words) => (await start(...words)).address;
  const close = async () => {
    await Promise.all(ends.map((end) => end()));
    fs.rmSync(home, { recursive: true, force: true });
  };
  return { home, run, start, serve, close };
}

async function open() {
  fs.mkdirSync(shots, { recursive: true });
  const demo = workspace();
  demo.run("demo");
  const address = await demo.serve();
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM || "/usr/bin/chromium", args: flags });
  const close = () => browser.close().then(demo.close);
  return { ...demo, address, browser, close };
}

/** A page in a context of its own; what its console says is collected. */
export async function page(options = {}) {
  const { browser, address } = world;
  const context = await browser.newContext({ baseURL: address, viewport: { width: 1280, height: 860 }, timezoneId: "Europe/Berlin", ...options });
  context.setDefaultTimeout(20_000);
  contexts.push(context);
  const tab = await context.newPage();
  tab.said = [];
  tab.on("console", (message) => ["error", "warning"].includes(message.type()) && tab.said.push(message.text()));
  tab.on("pageerror", (error) => tab.said.push(error.message));
  return tab;
}

/** A page's options on a telephone. */
export const phone = { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true };

/** A page that is wider than a telephone is shown smaller, so that its own measure grows; says what sticks out furthest. */
export async function fits(tab, place) {
  const [width, widest] = await tab.evaluate(() => {
    const right = (element) => element.getBoundingClientRect().right;
    const furthest = [...document.body.querySelectorAll("*")].reduce((a, b) => (right(b) >= right(a) ? b : a));
    return [innerWidth, `${furthest.outerHTML.slice(0, 300)} ends at ${right(furthest)}`];
  });
  assert.equal(width, phone.viewport.width, `${place} is wider than the screen: ${widest}`);
}

/** The lines of a list by name: their number says little, for a full page brings up the next line, and the world goes on. */
export const ids = (lines) => lines.evaluateAll((found) => found.map((line) => line.id));

/** The one line that left a list. */
export function gone(before, now) {
  const left = before.filter((id) => !now.includes(id));
  assert.equal(left.length, 1, `left the list: ${left}`);
  return left[0];
}

/** The end of every flow. */
export async function sound(tab, name) {
  const cdp = await tab.context().newCDPSession(tab);
  for (const width of [390, 1280]) {
    for (const colorScheme of ["light", "dark"]) {
      await tab.setViewportSize({ width, height: 860 });
      await tab.emulateMedia({ colorScheme });
      await tab.waitForTimeout(150);
      await tab.screenshot({ path: path.join(shots, `${name}-${width}-${colorScheme}.png`) });
      const wide = await tab.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      assert.ok(wide <= 0, `${name} scrolls sideways by ${wide} at ${width}`);
      // By the debugger, which the page's policy does not bind.
      await cdp.send("Runtime.evaluate", { expression: axe });
      const found = await tab.evaluate(async () =>
        (await globalThis.axe.run()).violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.target.join(" ")).slice(0, 3).join(", ")}`),
      );
      assert.deepEqual(found, [], `${name} at ${width}, ${colorScheme}`);
    }
  }
  assert.deepEqual(tab.said, [], `${name}: the console`);
}
