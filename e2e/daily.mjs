// The first four of the ten things people do, by hand and by eye.
import assert from "node:assert/strict";
import { test } from "node:test";
import { page, sound } from "./harness.mjs";

test("who answered, and who needs me first: from Home to the thread in one click", async () => {
  const tab = await page();
  await tab.goto("/");
  await tab.getByRole("heading", { level: 1 }).filter({ hasText: /need/ }).waitFor();
  await sound(tab, "home");
  await tab.setViewportSize({ width: 1280, height: 860 });
  await tab.locator(".first .name").first().click();
  await tab.waitForURL(/\/replies\?is=needs&event=/);
  await tab.locator("#thread .touch").first().waitFor();
  await sound(tab, "replies");
});

test("a reply is handled with one key and taken back with another", async () => {
  const tab = await page();
  await tab.goto("/replies");
  const waiting = await tab.locator("#replies-list .reply.unread").count();
  assert.ok(waiting > 0);
  await tab.keyboard.press("d");
  await tab.locator("#toast:popover-open").filter({ hasText: "Done" }).waitFor();
  assert.equal(await tab.locator("#replies-list .reply.unread").count(), waiting - 1);
  await tab.keyboard.press("z");
  await tab.locator("#toast:popover-open").filter({ hasText: "Taken back" }).waitFor();
  assert.equal(await tab.locator("#replies-list .reply.unread").count(), waiting);
  assert.deepEqual(tab.said, []);
});

test("the queue says why, and is worked without a mouse", async () => {
  const tab = await page();
  await tab.goto("/queue");
  const rows = tab.locator("#queue-list tr[data-row]");
  const due = await rows.count();
  assert.ok(due > 1);
  for (const why of await rows.locator(".why").allTextContents()) assert.ok(why.trim().length > 5, "a line without a reason");
  await tab.keyboard.press("j");
  await tab.keyboard.press("k");
  await tab.keyboard.press("h");
  await tab.locator("#toast:popover-open").filter({ hasText: "Snoozed" }).waitFor();
  assert.equal(await rows.count(), due - 1);
  await tab.keyboard.press("z");
  await tab.locator("#toast:popover-open").filter({ hasText: "due again" }).waitFor();
  await sound(tab, "queue");
});

test("everything about one person, found by the palette", async () => {
  const tab = await page();
  await tab.goto("/leads");
  await sound(tab, "leads");
  await tab.setViewportSize({ width: 1280, height: 860 });
  const name = (await tab.locator("#leads-list .name:not(.none)").first().textContent()).trim();
  await tab.keyboard.press("Control+k");
  await tab.keyboard.type(name.slice(0, 4));
  await tab.locator("#palette [role=group][aria-label=People] [role=option]").first().waitFor();
  await tab.keyboard.press("Enter");
  await tab.waitForURL(/\/leads\/[0-9a-f-]{36}/);
  await tab.locator("#lead-timeline .touch").first().waitFor();
  await tab.locator("#facts").waitFor();
  await sound(tab, "lead");
});

test("they said no on the phone: everything stops, and it is taken back", async () => {
  const tab = await page();
  await tab.goto("/leads?campaign=any&answered=no");
  await tab.locator("#leads-list .name").first().click();
  await tab.waitForURL(/\/leads\/[0-9a-f-]{36}/);
  await tab.keyboard.press("c");
  await tab.keyboard.press("5");
  await tab.getByText("This stops everything").waitFor();
  await tab.getByRole("button", { name: "Log and stop" }).click();
  await tab.locator("#toast:popover-open").filter({ hasText: "Stopped" }).waitFor();
  await tab.locator("#lead-state").getByText(/Stopped/).first().waitFor();
  await tab.keyboard.press("z");
  await tab.locator("#toast:popover-open").filter({ hasText: "Taken back" }).waitFor();
  assert.equal(await tab.locator("#lead-state").getByText(/Stopped/).count(), 0);
  assert.deepEqual(tab.said, []);
});

test("without a script every page works", async () => {
  const tab = await page({ javaScriptEnabled: false });
  await tab.goto("/");
  await tab.locator(".first .name").first().click();
  await tab.locator("#thread .touch").first().waitFor();
  await tab.goto("/leads");
  await tab.getByRole("combobox", { name: "Status", exact: true }).selectOption("replied");
  await tab.getByRole("button", { name: "Apply" }).click();
  await tab.waitForURL(/status=replied/);
  await tab.locator("#leads-list .name").first().click();
  await tab.getByRole("heading", { name: "Timeline" }).waitFor();
  await tab.locator("textarea[name=text]").first().fill("Kept without a script.");
  await tab.getByRole("button", { name: "Keep note" }).click();
  await tab.getByText("Kept without a script.").first().waitFor();
});
