// What strangers write reaches the page as text: no script of theirs runs, no request leaves, nothing reaches the parent.
import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { test } from "node:test";
import { fits, page, phone, world } from "./harness.mjs";
import { hostile } from "./vectors.mjs";

const people = Array.from({ length: 10 }, (_, n) => `stranger${n}@hostile.example.com`);
const quoted = (text) => `"${text.replaceAll('"', '""')}"`;

/** The address of a new connection, on this server. */
function connection(...words) {
  const made = JSON.parse(world.run("connections", "add", ...words, "--json"));
  const headers = { "content-type": "application/json", ...(made.header && { [made.header.name]: made.header.value }) };
  return (body) => fetch(made.url.replace(/^https?:\/\/[^/]+/, world.address), { method: "POST", headers, body: JSON.stringify(body) });
}

async function feed() {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "touchline-hostile-"));
  const lines = hostile.map((text, n) => [people[n] ?? `other${n}@hostile-${n}.example.com`, text.slice(0, 300), text.slice(0, 300), text, text, "javascript:top.hit=1"].map(quoted).join(","));
  fs.writeFileSync(path.join(folder, "list.csv"), ["Email,First Name,Last Name,Title,Company,Person Linkedin Url", ...lines].join("\n"));
  world.run("import", path.join(folder, "list.csv"), "--json");
  fs.rmSync(folder, { recursive: true });

  const [mail, linkedin] = [connection("instantly"), connection("linkedin", "--provider", "generic")];
  const sent = await Promise.all(
    hostile.map(async (text, n) => {
      const at = new Date(Date.now() - 1000 * n - 60_000).toISOString();
      const email = people[n % people.length];
      const body = { timestamp: at, event_type: "reply_received", lead_email: email, email, email_account: "us@example.com", email_id: crypto.randomUUID(), reply_subject: text.slice(0, 900), reply_text: text, reply_text_snippet: text, reply_html: `<html><body>${text}</body></html>` };
      const touch = { event: "message_replied", email, message: text, timestamp: at, id: `h${n}` };
      return [(await mail(body)).status, n % 10 ? 200 : (await linkedin(touch)).status];
    }),
  );
  assert.deepEqual([...new Set(sent.flat())], [200]);
}

test("five hundred hostile names, messages and mails do nothing", async () => {
  await feed();
  const tab = await page();
  // News would take a frame away while it is looked at.
  await tab.addInitScript(() => (globalThis.EventSource = class extends EventTarget { close() {} }));
  const left = [];
  tab.context().on("request", (request) => /^(data|blob|about):/.test(request.url()) || request.url().startsWith(world.address) || left.push(request.url()));
  tab.on("dialog", (dialog) => left.push(`dialog: ${dialog.message()}`) && dialog.dismiss());
  tab.context().on("page", (other) => left.push(`window: ${other.url()}`));
  const unharmed = async (place) => {
    assert.equal(await tab.evaluate(() => globalThis.hit), undefined, `${place}: a script ran`);
    assert.deepEqual(left, [], place);
    assert.deepEqual(tab.said, [], place);
  };

  let mails = 0;
  for (const email of people) {
    await tab.goto(`/leads?q=${email}`);
    await tab.locator("#leads-list .name").first().click();
    await tab.waitForURL(/\/leads\/[0-9a-f-]{36}/);
    const here = tab.url();
    const opened = tab.locator("#lead-timeline details.mail");
    for (let tries = 0; (await opened.count()) < 25 && tries < 40; tries++) {
      await tab.waitForTimeout(1000); // deliveries are understood after they were answered
      await tab.reload();
    }
    assert.ok((await opened.count()) >= 25, `${email}: ${await opened.count()} mails, ${await tab.locator("#lead-timeline .touch").count()} touches`);
    // Every mail is opened as it looked: its frame is fetched, cleaned, shown.
    const frames = await tab.locator("#lead-timeline details.mail iframe").count();
    await tab.evaluate(async () => {
      for (const details of document.querySelectorAll("#lead-timeline details.mail")) details.open = true;
      const frames = [...document.querySelectorAll("#lead-timeline details.mail iframe")];
      await Promise.all(
        frames.map((frame) => {
          frame.loading = "eager";
          return new Promise((done) => frame.addEventListener("load", done, { once: true }));
        }),
      );
    });
    mails += frames;
    assert.equal(tab.url(), here);
    await unharmed(email);
  }
  assert.ok(mails >= 450, `${mails} mails were opened`);

  // On a telephone, with everything of theirs open, nothing is wider than the screen.
  const small = await page(phone);
  for (const email of people) {
    await small.goto(`/leads?q=${email}`);
    await fits(small, `the list of ${email}`);
    await small.locator("#leads-list .name").first().tap();
    await small.waitForURL(/\/leads\/[0-9a-f-]{36}/);
    await fits(small, email);
    for (const raw of await small.locator("#lead-timeline details.raw > summary").all()) await raw.tap();
    await small.waitForFunction(() => [...document.querySelectorAll("#lead-timeline details.raw")].every((raw) => raw.querySelector("pre")));
    await small.evaluate(() => document.querySelectorAll("details").forEach((details) => (details.open = true)));
    await fits(small, `${email} with everything open`);
  }
  assert.deepEqual(small.said, []);

  // The lists that show what they wrote, and what they are called.
  for (const place of ["/", "/replies", "/queue", "/leads?sort=added", "/companies", "/search?q=script", "/sync/deliveries", "/imports"]) {
    for (let next = place, pages = 0; next && pages < 10; pages++) {
      await tab.goto(next);
      await unharmed(next);
      next = await tab.locator("a[rel=next]").first().getAttribute("href", { timeout: 1 }).catch(() => null);
    }
  }
  await tab.goto("/imports");
  await tab.locator("a", { hasText: "list.csv" }).first().click();
  await tab.waitForURL(/\/imports\/[0-9a-f-]{36}/);
  await unharmed("the report");
});
