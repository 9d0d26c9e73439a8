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

async function open() {
  fs.mkdirSync(shots, { recursive: true });
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
  const servers = [];
  /** Starts a server on the workspace and gives its address. */
  const serve = (...words) => {
    const server = spawn(binary, ["serve", "--listen", "127.0.0.1:0", ...words], { env, stdio: ["ignore", "ignore", "pipe"] });
    servers.push(server);
    return new Promise((resolve, reject) => {
      let said = "";
      server.stderr.on("data", (bytes) => {
        said += bytes;
        const found = said.match(/http:\/\/[\d.:]+/);
        if (found) resolve(found[0]);
      });
      server.on("exit", () => reject(new Error(said)));
    });
  };
  run("demo");
  const address = await serve();
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM || "/usr/bin/chromium", args: flags });
  const close = async () => {
    await browser.close();
    const ends = servers.map((server) => new Promise((resolve) => server.on("exit", resolve)));
    for (const server of servers) server.kill("SIGTERM");
    await Promise.all(ends);
    fs.rmSync(home, { recursive: true, force: true });
  };
  return { address, browser, home, run, serve, close };
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
