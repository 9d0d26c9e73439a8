// A list through the page: dropped, corrected, looked at, imported, refused rows fetched, taken back, imported again.
import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { test } from "node:test";
import { page, sound, world } from "./harness.mjs";

/** The number beside a line of the sums. */
const sum = (tab, name) =>
  tab
    .locator(".sum tr", { has: tab.getByRole("rowheader", { name }) })
    .locator("td")
    .first()
    .textContent()
    .then((text) => Number(text.replace(/[^\d]/g, "")));

/** Drops a file on the page, as a hand would. */
async function drop(tab, name, text) {
  const data = await tab.evaluateHandle(
    ([name, text]) => {
      const data = new DataTransfer();
      data.items.add(new File([text], name, { type: "text/csv" }));
      return data;
    },
    [name, text],
  );
  await tab.dispatchEvent("form[data-drop]", "drop", { dataTransfer: data });
}

test("an export is dropped: who is new, known, must not be contacted; and it is taken back", async () => {
  const leads = JSON.parse(world.run("replies", "--json", "--limit", "50")).replies.filter((reply) => reply.lead_email);
  const [known, barred] = [...new Set(leads.map((reply) => reply.lead_email))];
  world.run("suppress", barred, "--reason", "opt-out", "--note", "asked on the phone");
  const people = Array.from({ length: 12 }, (_, n) => `Nia,Person${n},nia.person${n}@harbour-${n % 4}.example.com,Head of Ops,Harbour ${n % 4}`);
  const file = [
    "First Name,Last Name,Electronic address,Title,Company Name for Emails",
    ...people,
    `Known,Already,${known},,`,
    `Opted,Out,${barred},,`,
    people[0],
    "Bad,Address,bad(at)example,Boss,Nowhere",
    ",,,,",
    "Nobody,Reachable,,Clerk,Somewhere",
  ].join("\r\n");

  const tab = await page();
  await tab.goto("/imports");
  await sound(tab, "imports");
  await drop(tab, "harbour.csv", file);
  await tab.waitForURL(/\/imports\/files\//);
  await tab.getByRole("heading", { name: "What will happen" }).waitFor();

  // The mapping is corrected twice, and what would happen is worked out anew each time.
  const address = tab.getByLabel("Electronic address is");
  assert.equal(await address.inputValue(), "email", "a column of addresses is known by its values");
  await tab.getByRole("button", { name: /^Import 1\d rows$/ }).waitFor();
  await address.selectOption("");
  await tab.getByRole("button", { name: /^Import 1\d rows$/ }).waitFor({ state: "detached" });
  await tab.locator("#will").getByText("It cannot be imported like this").waitFor();
  await tab.getByText("4 of 5 read").waitFor();
  await address.selectOption("email");
  await tab.getByRole("button", { name: /^Import 1\d rows$/ }).waitFor();
  await sound(tab, "import-check");

  await tab.getByRole("button", { name: /^Import 1\d rows$/ }).click();
  await tab.waitForURL(/\/imports\/[0-9a-f-]{36}$/);
  assert.equal(await sum(tab, /Rows in the file/), 17);
  const [written, same, twice, refused] = [await sum(tab, "Rows written"), await sum(tab, "without change"), await sum(tab, "twice in the file"), await sum(tab, "not taken")];
  assert.equal(written + same + twice + refused, 17, "the sums add up");
  assert.deepEqual([twice, refused], [1, 2]);
  await tab.getByText("must not be contacted").first().waitFor();
  await sound(tab, "import-report");

  // The refused rows come back as they were, with their reasons.
  const [download] = await Promise.all([tab.waitForEvent("download"), tab.getByRole("link", { name: /refused rows as CSV/ }).click()]);
  const rejects = fs.readFileSync(await download.path(), "utf8");
  assert.match(rejects, /bad\(at\)example/);
  assert.match(rejects, /_reason/);

  // An import lifts no opt-out.
  const still = JSON.parse(world.run("suppressions", "list", "--json")).suppressions;
  assert.ok(still.some((one) => one.contact_address === barred || one.note === "asked on the phone"));

  await tab.setViewportSize({ width: 1280, height: 860 });
  await tab.keyboard.press("z");
  await tab.locator("#toast:popover-open").filter({ hasText: "Taken back" }).waitFor();
  await tab.getByRole("heading", { name: /^Taken back/ }).waitFor();
  await tab.goto("/leads?q=Nia+Person1");
  await tab.getByRole("heading", { name: "Nobody matches." }).waitFor();
  await sound(tab, "leads-none");

  await tab.goBack();
  await tab.getByRole("button", { name: "Import it again" }).click();
  await tab.waitForURL(/\/imports\/[0-9a-f-]{36}$/);
  await tab.getByRole("heading", { name: /12 rows are new/ }).waitFor();
  await tab.goto("/leads?q=Nia+Person1");
  assert.ok((await tab.locator("#leads-list tr[data-row]").count()) >= 1);

  // The same bytes again: told at once, and nothing changes.
  await tab.goto("/imports");
  await drop(tab, "harbour.csv", file);
  await tab.waitForURL(/\/imports\/files\//);
  await tab.getByText("These bytes were imported before").waitFor();
  await tab.getByRole("button", { name: "Throw the file away" }).click();
  await tab.locator("#toast:popover-open").filter({ hasText: "thrown away" }).waitFor();
  assert.deepEqual(tab.said, []);
});

test("a long import shows how far it is, outlives a reload, and can be stopped", async () => {
  const lines = ["email,first_name,last_name,company,website"];
  for (let n = 0; n < 30_000; n++) lines.push(`p${n}@long-${n % 5000}.example.com,Pia,Long${n},Long ${n % 5000},long-${n % 5000}.example.com`);
  const file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), "touchline-list-")), "long.csv");
  fs.writeFileSync(file, lines.join("\n"));
  const tab = await page();
  await tab.goto("/imports");
  await tab.setInputFiles("#file", file);
  await tab.waitForURL(/\/imports\/files\//);
  await tab.getByRole("button", { name: "Import 30,000 rows" }).waitFor({ timeout: 60_000 });
  await tab.getByRole("button", { name: "Import 30,000 rows" }).click();
  await tab.getByRole("heading", { name: "Importing" }).waitFor();
  await tab.reload();
  const progress = tab.locator("#will progress");
  await progress.waitFor();
  await tab.getByRole("button", { name: "Stop" }).click();
  await tab.locator("#toast:popover-open").filter({ hasText: "What is in stays" }).waitFor();
  await tab.getByRole("button", { name: /^Import 30,000 rows$/ }).or(tab.getByRole("heading", { name: /rows are (new|in)/ })).first().waitFor({ timeout: 60_000 });
  assert.deepEqual(tab.said, []);
  fs.rmSync(path.dirname(file), { recursive: true });
});

test("what is no list is refused with the remedy, and nothing is kept of it", async () => {
  const tab = await page();
  await tab.goto("/imports");
  await drop(tab, "report.csv", "<!doctype html><html><body>Sign in to download</body></html>");
  await tab.waitForURL(/\/imports\//);
  await tab.getByText(/Hint:/).first().waitFor();
  await sound(tab, "import-refused");
});
