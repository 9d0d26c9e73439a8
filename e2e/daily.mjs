// The first four of the ten things people do, by hand and by eye.
import assert from "node:assert/strict";
import { test } from "node:test";
import { gone, ids, page, sound, world } from "./harness.mjs";

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
  const waiting = tab.locator("#replies-list .reply.unread");
  const before = await ids(waiting);
  assert.ok(before.length > 0);
  await tab.keyboard.press("d");
  await tab.locator("#toast:popover-open").filter({ hasText: "Done" }).waitFor();
  const handled = gone(before, await ids(waiting));
  await tab.keyboard.press("z");
  await tab.locator("#toast:popover-open").filter({ hasText: "Taken back" }).waitFor();
  await tab.locator(`#${handled}.unread`).waitFor();
  assert.deepEqual(tab.said, []);
});

test("the queue says why, and is worked without a mouse", async () => {
  const tab = await page();
  await tab.goto("/queue");
  const rows = tab.locator("#queue-list tr[data-row]");
  const due = await ids(rows);
  assert.ok(due.length > 1);
  for (const why of await rows.locator(".why").allTextContents()) assert.ok(why.trim().length > 5, "a line without a reason");
  await tab.keyboard.press("j");
  await tab.keyboard.press("k");
  await tab.keyboard.press("h");
  await tab.locator("#toast:popover-open").filter({ hasText: "Snoozed" }).waitFor();
  const snoozed = gone(due, await ids(rows));
  const beside = await page();
  await beside.goto("/queue?waiting=1");
  // Tomorrow at nine is nine where the reader is.
  await beside.locator(".why-cell", { hasText: /^Snoozed until .*, 09:00$/ }).first().waitFor();
  await beside.close();
  await tab.keyboard.press("z");
  await tab.locator("#toast:popover-open").filter({ hasText: "due again" }).waitFor();
  await tab.locator(`#${snoozed}`).waitFor();
  await sound(tab, "queue");
});

test("how a call went is logged from the queue with one key, stands on the timeline, and is taken back", async () => {
  const tab = await page();
  await tab.goto("/queue?channel=call&due=week");
  const calls = tab.locator('tr[id^="item-call-"]');
  assert.ok((await calls.count()) > 2);
  for (const [key, said, told] of [["3", /Done, no answer/, /no answer/i], ["4", /Done, voicemail/, /voicemail/i], ["1", /Done, interested/, /Talked|interested/i]]) {
    const line = calls.first();
    const [item, who] = [await line.getAttribute("id"), await line.locator(".name").textContent()];
    await line.locator(".name").focus();
    await tab.locator("#focus h2", { hasText: who }).waitFor();
    const lead = await tab.locator("#focus h2 a").getAttribute("href");
    await tab.locator(`#focus form[action*="${item.replace("item-", "")}"]`).first().waitFor();
    await tab.keyboard.press(key);
    await tab.locator("#toast:popover-open").filter({ hasText: said }).waitFor();
    assert.equal(await tab.locator(`#${item}`).count(), 0, "what is done has left the queue");
    const beside = await page();
    await beside.goto(lead);
    await beside.locator("#lead-timeline .touch").first().filter({ hasText: told }).waitFor();
    await tab.keyboard.press("z");
    await tab.locator("#toast:popover-open").filter({ hasText: "due again" }).waitFor();
    await tab.locator(`#${item}`).waitFor();
    await beside.locator("#lead-timeline .touch.withdrawn").first().filter({ hasText: told }).waitFor();
    await beside.close();
  }
  assert.deepEqual(tab.said, []);
});

test("an unknown sender becomes a lead, is let go, and is linked to somebody who is known: timelines follow", async () => {
  const tab = await page();
  const unmatched = tab.locator("#replies-list .reply");
  await tab.goto("/replies?is=unmatched");
  const mine = unmatched.filter({ has: tab.locator(".channel.email") }).first();
  const [address, row] = [(await mine.locator("a").textContent()).trim(), await mine.getAttribute("id")];
  await mine.locator("a").click();
  await tab.locator("#thread-title", { hasText: address }).waitFor();
  const id = row.replace("reply-", "");
  // One address may have said the same words twice.
  const touch = `#lead-timeline #touch-${id}`;
  const story = async (query) => {
    const beside = await page();
    await beside.goto(`/leads?q=${encodeURIComponent(query)}`);
    await beside.locator("#leads-list .name").first().click();
    await beside.waitForURL(/\/leads\/[0-9a-f-]{36}/);
    await beside.locator("#facts").waitFor();
    return beside;
  };

  await tab.keyboard.press("1");
  await tab.locator("#toast:popover-open").filter({ hasText: /New lead .*linked/ }).waitFor();
  const fresh = await story(address);
  await fresh.locator(touch).waitFor();
  await tab.keyboard.press("z");
  await tab.locator("#toast:popover-open").filter({ hasText: "Unlinked" }).waitFor();
  await fresh.locator(touch).waitFor({ state: "detached" });

  const known = JSON.parse(world.run("replies", "--json", "--limit", "50")).replies.find((reply) => reply.lead_email).lead_email;
  await tab.goto(`/replies?is=unmatched&event=${id}`);
  await tab.getByLabel(/Somebody else/).fill(known);
  await tab.getByRole("button", { name: "Link", exact: true }).click();
  await tab.locator("#toast:popover-open").filter({ hasText: "Linked to" }).waitFor();
  await tab.goto("/replies?is=unmatched");
  // Not by their number: the world goes on, and one address may have written more than once.
  await tab.locator("#replies-list").waitFor();
  assert.equal(await tab.locator(`#${row}`).count(), 0);
  const theirs = await story(known);
  await theirs.locator(touch).waitFor();
  world.run("unlink", id);
  await theirs.locator(touch).waitFor({ state: "detached" });
  await tab.locator(`#${row}`).waitFor();
  assert.deepEqual([...tab.said, ...theirs.said], []);
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
