// Which campaign, offer, step works; what people make and keep: offers, campaigns, views; the employers.
import assert from "node:assert/strict";
import { test } from "node:test";
import { page, sound, world } from "./harness.mjs";

const number = async (locator) => Number((await locator.textContent()).replace(/[^\d]/g, ""));
/** A figure leads to as many rows as it says. */
async function opens(tab, figure, name) {
  const told = await number(figure);
  const csv = (await figure.getAttribute("href")).replace("/analytics/rows", "/analytics/rows.csv");
  const rows = (await (await tab.request.get(csv)).text()).trim().split("\n").length - 1;
  assert.equal(rows, told, `${name} opens its rows`);
}
const toast = (tab, words) => tab.locator("#toast:popover-open").filter({ hasText: words }).waitFor();

test("what works, by campaign, offer and step: every number opens exactly its rows", async () => {
  const tab = await page();
  await tab.goto("/analytics");
  await sound(tab, "analytics");
  await tab.setViewportSize({ width: 1280, height: 860 });
  await tab.getByText("The same as a table").click();
  await tab.getByRole("combobox", { name: "Group by" }).selectOption("offer");
  await tab.waitForURL(/by=offer/);
  const lines = tab.locator("table", { hasText: "Contacted" }).last();
  for (const column of [1, 2, 4]) {
    const figure = lines.locator("tbody tr").first().locator("td").nth(column - 1).locator("a");
    if (!(await figure.count())) continue;
    await opens(tab, figure, `column ${column}`);
  }
  await lines.locator("tbody tr a.figure").first().click();
  await tab.waitForURL(/\/analytics\/rows/);
  await tab.getByText("Each person once").waitFor();
  await sound(tab, "analytics-rows");
  await tab.goto("/analytics?by=step&unit=touches");
  await tab.getByText("touches").first().waitFor();
  await sound(tab, "analytics-steps");
  // Days that are over: nothing comes in between a figure and its rows.
  const day = (ago) => new Date(Date.now() - ago * 86_400_000).toISOString().slice(0, 10);
  await tab.goto(`/analytics?unit=touches&since=${day(30)}&until=${day(2)}`);
  const bars = tab.locator("table.funnel tbody tr", { has: tab.locator("a.figure") });
  assert.ok((await bars.filter({ hasText: "Delivered" }).count()) === 1, "touches that were delivered");
  for (const bar of await bars.all()) await opens(tab, bar.locator("a.figure"), `touches, ${await bar.locator("th").textContent()}`);

  // The same over the command line.
  const told = JSON.parse(world.run("funnel", "--by", "offer", "--since", "30d", "--json"));
  assert.ok(JSON.stringify(told).includes("Dispatch planning"));
});

test("an offer is written, carried by a campaign with people in it, put away and taken back", async () => {
  const tab = await page();
  await tab.goto("/offers");
  await tab.keyboard.press("n");
  const offer = tab.getByRole("dialog", { name: "New offer" });
  await offer.getByLabel("Name").fill("Harbour audit");
  await offer.getByLabel("Price from").fill("900");
  await offer.getByLabel("to", { exact: true }).fill("400");
  await offer.getByRole("button", { name: "Make it" }).click();
  // Refused, in the words of the page, with all that was written; mended on the spot.
  await tab.getByRole("heading", { name: "“Price to”: it is below “Price from”." }).waitFor();
  tab.said.length = 0; // browsers log the status of a refusal
  await sound(tab, "offer-refused");
  await tab.setViewportSize({ width: 1280, height: 860 });
  assert.equal(await tab.getByLabel("Name").inputValue(), "Harbour audit");
  await tab.getByLabel("Price to").fill("1400");
  await tab.getByRole("button", { name: "Send it again" }).click();
  await tab.getByRole("heading", { name: "Harbour audit", level: 1 }).waitFor();
  await tab.getByLabel("What it does for them").fill("Two days, one page, what to do next.");
  await tab.getByRole("button", { name: "Save" }).click();
  await toast(tab, "was changed");
  await sound(tab, "offer");

  await tab.goto("/campaigns");
  await tab.setViewportSize({ width: 1280, height: 860 });
  await tab.keyboard.press("n");
  const campaign = tab.getByRole("dialog", { name: "New campaign" });
  await campaign.getByLabel("Name").fill("Harbours by phone");
  await campaign.getByLabel("Offer").selectOption({ label: "Harbour audit" });
  await campaign.getByLabel("Calls").check();
  await campaign.getByRole("button", { name: "Make it" }).click();
  await tab.getByRole("heading", { name: /Harbours by phone/, level: 1 }).waitFor();
  const known = JSON.parse(world.run("replies", "--json", "--limit", "50")).replies.find((reply) => reply.lead_email).lead_email;
  await tab.getByLabel("Add people").fill(`${known}\nnobody.at.all@example.com`);
  await tab.getByRole("button", { name: "Add them" }).click();
  await tab.getByText("nobody.at.all@example.com").waitFor();
  await tab.getByText(/import them first/).waitFor();
  await sound(tab, "campaign");

  await tab.setViewportSize({ width: 1280, height: 860 });
  await tab.goto("/offers");
  await tab.getByRole("link", { name: "Harbour audit" }).click();
  await tab.getByRole("cell", { name: "Harbours by phone" }).or(tab.getByRole("rowheader", { name: "Harbours by phone" })).first().waitFor();
  await tab.getByRole("button", { name: "Put away" }).click();
  await toast(tab, /put away/i);
  await tab.keyboard.press("z");
  await toast(tab, /back/i);
  assert.deepEqual(tab.said, []);
});

test("a view is a name for an address, kept for everybody and taken away", async () => {
  const tab = await page();
  await tab.goto("/leads");
  await tab.getByRole("combobox", { name: "Status", exact: true }).selectOption("replied");
  await tab.waitForURL(/status=replied/);
  await tab.getByRole("button", { name: "Save view" }).click();
  await tab.getByLabel("Name", { exact: true }).fill("Who answered");
  await tab.getByRole("button", { name: "Save view" }).last().click();
  const view = tab.getByRole("navigation", { name: "Views" }).getByRole("link", { name: "Who answered" });
  await view.waitFor();
  await sound(tab, "leads-view");

  const other = await page();
  await other.goto("/leads");
  await other.getByRole("link", { name: "Who answered" }).click();
  await other.waitForURL(/status=replied/);
  assert.deepEqual([...tab.said, ...other.said], []);
});

test("companies: found by name, their people, and what happened there", async () => {
  const tab = await page();
  await tab.goto("/companies");
  await sound(tab, "companies");
  await tab.setViewportSize({ width: 1280, height: 860 });
  await tab.keyboard.press("/");
  await tab.keyboard.type("Okafor");
  await tab.keyboard.press("Enter");
  await tab.waitForURL(/q=Okafor/);
  await tab.keyboard.press("j");
  await tab.keyboard.press("Enter");
  await tab.waitForURL(/\/companies\/[0-9a-f-]{36}/);
  assert.ok((await tab.locator("#company-people tr[data-row]").count()) > 1);
  assert.ok((await tab.locator("#company-touches .touch").count()) > 1);
  await sound(tab, "company");
});

test("the keys are the same everywhere", async () => {
  const tab = await page();
  for (const place of ["/", "/replies", "/queue", "/leads", "/companies", "/campaigns", "/offers", "/imports", "/analytics", "/sync", "/connections", "/settings", "/settings/people"]) {
    await tab.goto(place);
    await tab.keyboard.press("?");
    await tab.locator("dialog#keys[open]").waitFor();
    await tab.keyboard.press("Escape");
    await tab.keyboard.press("Control+k");
    await tab.locator("dialog#palette[open]").waitFor();
    await tab.keyboard.press("Escape");
    if (await tab.locator("[data-row] [data-handle]").count()) {
      await tab.keyboard.press("j");
      assert.equal(await tab.locator("[data-row][data-current]").count(), 1, `${place}: j`);
      await tab.keyboard.press("k");
    }
    await tab.keyboard.press("g");
    await tab.keyboard.press("l");
    await tab.waitForURL(/\/leads$/);
  }
  // The exact time, in the reader's zone, is on hover.
  const time = tab.locator("#leads-list time").first();
  assert.match(await time.getAttribute("title"), /\d{4}.*CE[S]?T|GMT\+[12]/);
  assert.deepEqual(tab.said, []);
});
