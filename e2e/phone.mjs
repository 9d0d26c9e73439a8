// A telephone: one thing at a time, everything within the width of the screen.
import assert from "node:assert/strict";
import { test } from "node:test";
import { fits, page, phone } from "./harness.mjs";

test("a reply that is tapped is read, and the way back leads to the list", async () => {
  const tab = await page(phone);
  await tab.goto("/replies");
  assert.equal(await tab.locator("#thread").isVisible(), false);
  const line = tab.locator("#replies-list .reply").nth(6);
  const who = (await line.locator("a").textContent()).trim();
  await line.locator("a").tap();
  await tab.locator("#thread-title", { hasText: who }).waitFor();
  assert.equal(await tab.locator("#replies-list").isVisible(), false);
  assert.ok(await tab.locator("#thread-title").evaluate((title) => title.getBoundingClientRect().top < 200), "it is read from its top");
  await fits(tab, "a thread");
  await tab.getByRole("link", { name: "All replies" }).tap();
  await tab.locator("#replies-list").waitFor();
  assert.equal(await tab.locator("#thread").isVisible(), false);
  assert.deepEqual(tab.said, []);
});

test("a line of the queue that is tapped shows what it is about", async () => {
  const tab = await page(phone);
  await tab.goto("/queue?channel=call&due=week");
  const line = tab.locator("#queue-list tr[data-row]").nth(3);
  const who = (await line.locator(".name").textContent()).trim();
  await line.locator(".name").tap();
  const focus = tab.locator("#focus h2", { hasText: who });
  await focus.waitFor();
  await tab.waitForFunction(() => document.querySelector("#focus h2").getBoundingClientRect().bottom < innerHeight - 60);
  await fits(tab, "the queue");
  assert.deepEqual(tab.said, []);
});

test("what is ticked can be acted on, long names and payloads stay within the screen", async () => {
  const tab = await page(phone);
  await tab.goto("/leads");
  await tab.locator("#leads-list tbody input[type=checkbox]").nth(1).tap();
  const bar = tab.getByRole("toolbar", { name: "With the selected leads" });
  await bar.waitFor();
  assert.ok(await bar.evaluate((bar) => bar.getBoundingClientRect().bottom <= innerHeight), "the bar is in sight");
  await tab.goto("/campaigns");
  for (const link of await tab.locator("th a.name").evaluateAll((links) => links.map((link) => link.getAttribute("href")))) {
    await tab.goto(link);
    await fits(tab, link);
  }
  await tab.goto("/leads?answered=yes");
  await tab.locator("#leads-list .name").first().tap();
  await tab.waitForURL(/\/leads\/[0-9a-f-]{36}/);
  await tab.getByText("Raw payload").first().tap();
  await tab.locator(".raw pre").first().waitFor();
  await fits(tab, "a raw payload");
  assert.deepEqual(tab.said, []);
});
