// The database is restarted under open pages: clear words while it is away, nothing lost, and everything goes on by itself.
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { page, sound, workspace } from "./harness.mjs";

const places = ["/", "/replies", "/queue", "/queue?waiting=1", "/leads", "/companies", "/offers", "/campaigns", "/imports", "/analytics", "/sync", "/connections", "/settings", "/settings/people", "/search?q=nia"];

test("the database restarted under open pages: clear words, nothing typed is lost, and pages go on by themselves", async (t) => {
  const own = workspace();
  t.after(own.close);
  const list = path.join(own.home, "list.csv");
  fs.writeFileSync(list, "First Name,Last Name,Email,Company\nNia,One,nia@harbour.example.com,Harbour\nTom,Two,tom@harbour.example.com,Harbour\n");
  own.run("import", list);
  // Whoever uses the private database keeps it up; the server under test reaches it by its address only, so that it is
  // this test that takes it away and brings it back.
  let holder = await own.start();
  const [, , , port, socket] = fs.readFileSync(path.join(own.home, "pg/data/postmaster.pid"), "utf8").split("\n");
  const { address, end } = await own.start("--database-url", `postgres://touchline@localhost:${port}/touchline?host=${encodeURIComponent(socket)}`);
  const [writing, looking, asking] = [await page({ baseURL: address }), await page({ baseURL: address }), await page({ baseURL: address })];
  await writing.goto("/leads?q=nia");
  await writing.locator("#leads-list .name").first().click();
  await writing.waitForURL(/\/leads\/[0-9a-f-]{36}/);
  const lead = writing.url().match(/[0-9a-f-]{36}/)[0];
  const words = "Written while the database was away.\nTwo lines.";
  await writing.getByPlaceholder(/Write a note/).fill(words);
  await looking.goto(`/leads/${lead}`);
  await asking.goto("/queue");

  await holder.end();
  // What stands open stays, and says that it is out of touch.
  await looking.getByText("Out of reach, trying again").waitFor();
  await sound(looking, "away-open");
  assert.equal(await writing.getByPlaceholder(/Write a note/).inputValue(), words);
  // Every page and every action says so, with its status.
  for (const place of places) {
    const answer = await asking.request.get(place);
    assert.equal(answer.status(), 503, place);
    assert.match(await answer.text(), /The database does not answer/, place);
    assert.ok(answer.headers()["retry-after"], place);
  }
  const answer = await asking.request.get("/api/v1/leads");
  assert.deepEqual([answer.status(), answer.headers()["content-type"]], [503, "application/problem+json"]);
  for (const action of [`/leads/${lead}/stop`, `/leads/${lead}/interest`, "/offers", "/campaigns", "/connections", "/settings/time-zone", "/views"]) {
    const refused = await asking.request.post(action, { form: { name: "Kept words", reason: "other", interest: "won" }, headers: { origin: address } });
    assert.equal(refused.status(), 503, action);
    assert.match(await refused.text(), /What you were sending is kept on this page[^]*Kept words/, action);
  }
  // What is written now is kept on the page that says so.
  await writing.getByRole("button", { name: "Keep note" }).click();
  await writing.getByRole("heading", { name: "The database does not answer." }).waitFor();
  writing.said.length = 0; // browsers log the status of a refusal
  await sound(writing, "away-kept");
  await writing.setViewportSize({ width: 1280, height: 860 });
  await writing.getByRole("button", { name: "Send it again" }).click();
  await writing.getByText("What you were sending is kept").waitFor();
  // A page asked for now asks again by itself.
  await asking.goto("/leads?status=new");
  await asking.getByRole("heading", { name: "The database does not answer." }).waitFor();

  holder = await own.start();
  await asking.getByRole("heading", { name: "Leads", level: 1 }).waitFor();
  await asking.getByText("Tom Two").waitFor();
  await looking.getByText("Out of reach, trying again").waitFor({ state: "hidden" });
  await writing.getByRole("button", { name: "Send it again" }).click();
  await writing.waitForURL(/\/leads\/[0-9a-f-]{36}$/);
  for (const tab of [writing, looking]) {
    await tab.locator(".touch", { hasText: "Written while the database was away." }).waitFor();
    assert.equal(await tab.locator(".touch", { hasText: "Two lines." }).count(), 1);
  }
  own.run("log", "note", lead, "After it was back.");
  for (const tab of [writing, looking]) await tab.locator(".touch", { hasText: "After it was back." }).waitFor();
  // Who is asked to end while the database is away ends.
  await Promise.all([writing, looking, asking].map((tab) => tab.close()));
  await holder.end();
  const began = Date.now();
  await end();
  assert.ok(Date.now() - began < 8000, `it took ${Date.now() - began} ms to end`);
});
