// Several at once: two tabs and the command line.
import assert from "node:assert/strict";
import { test } from "node:test";
import { ids, page, world } from "./harness.mjs";

/** Somebody who was contacted, with an address. */
async function somebody(tab, nth) {
  await tab.goto("/leads?status=contacted&reach=email");
  await tab.locator("#leads-list .name").nth(nth).click();
  await tab.waitForURL(/\/leads\/[0-9a-f-]{36}/);
  return tab.url().match(/[0-9a-f-]{36}/)[0];
}

test("two tabs and the command line at once: each sees what the others did, without a reload, and nothing is lost", async () => {
  const [one, two] = [await page(), await page()];
  const id = await somebody(one, 3);
  await two.goto(`/leads/${id}`);
  world.run("log", "note", id, "From the command line.");
  for (const tab of [one, two]) await tab.locator(".touch", { hasText: "From the command line." }).waitFor();
  const write = async (tab, words) => {
    await tab.getByPlaceholder(/Write a note/).fill(words);
    await tab.getByRole("button", { name: "Keep note" }).click();
  };
  await Promise.all([write(one, "From the first tab."), write(two, "From the second tab.")]);
  world.run("log", "note", id, "Once more from the command line.");
  for (const tab of [one, two]) {
    for (const words of ["From the first tab.", "From the second tab.", "Once more from the command line."]) {
      await tab.locator(".touch", { hasText: words }).waitFor();
      assert.equal(await tab.locator(".touch", { hasText: words }).count(), 1);
    }
  }
  // What was folded out stays so while news arrive.
  await two.getByText("Raw payload").first().click();
  await two.locator(".raw pre").first().waitFor();
  // Words that somebody is writing stay while news arrive.
  await one.getByPlaceholder(/Write a note/).fill("Half a sent");
  world.run("log", "note", id, "While somebody writes.");
  await one.locator(".touch", { hasText: "While somebody writes." }).waitFor();
  assert.equal(await one.getByPlaceholder(/Write a note/).inputValue(), "Half a sent");
  await two.locator(".touch", { hasText: "While somebody writes." }).waitFor();
  await two.locator(".raw[open] pre").first().waitFor();

  // Both take the same reply: it is done once, and both are told so.
  await Promise.all([one.goto("/replies"), two.goto("/replies")]);
  const waiting = one.locator("#replies-list .reply.unread");
  const before = await ids(waiting);
  await Promise.all([one.keyboard.press("d"), two.keyboard.press("d")]);
  for (const tab of [one, two]) await tab.locator("#toast:popover-open, h1").filter({ hasText: /Done|done|handled/i }).first().waitFor();
  await one.goto("/replies");
  // Who comes second may be shown the next one already.
  const now = await ids(waiting);
  const left = before.filter((id) => !now.includes(id));
  assert.ok(left.length === 1 || left.length === 2, `left the list: ${left}`);
  assert.deepEqual([...one.said, ...two.said].filter((said) => !/409/.test(said)), []);
});
