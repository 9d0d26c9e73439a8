// Who may enter, and as what; a session that ends while somebody writes.
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { page, sound, world } from "./harness.mjs";

const password = "correct horse battery staple";
let open;

/** The address of a server at which everybody signs in; made with the first who asks. */
function door() {
  open ??= (() => {
    const file = path.join(world.home, "password");
    fs.writeFileSync(file, password);
    for (const [role, name] of [["admin", "Ada Admin"], ["member", "Max Member"], ["reader", "Rita Reader"]]) {
      world.run("user", "add", `${role}@example.com`, "--role", role, "--name", name, "--password-file", file);
    }
    return world.serve("--sign-in");
  })();
  return open;
}

async function enter(tab, who) {
  await tab.getByLabel("E-mail").fill(`${who}@example.com`);
  await tab.getByLabel("Password").fill(password);
  await tab.getByRole("button", { name: "Sign in" }).click();
}

test("nothing is shown before a sign-in; a reader looks and cannot write; signing out closes the door", async () => {
  const tab = await page({ baseURL: await door() });
  await tab.goto("/leads?status=replied");
  await tab.waitForURL(/\/sign-in/);
  await sound(tab, "sign-in");
  await tab.getByLabel("E-mail").fill("reader@example.com");
  await tab.getByLabel("Password").fill("not it");
  await tab.getByRole("button", { name: "Sign in" }).click();
  await tab.getByRole("alert").waitFor();
  tab.said.length = 0; // browsers log the status of a refusal
  await sound(tab, "sign-in-refused");
  await enter(tab, "reader");
  await tab.waitForURL(/\/leads\?status=replied/);
  await tab.setViewportSize({ width: 1280, height: 860 });
  await tab.locator("#leads-list .name").first().click();
  await tab.waitForURL(/\/leads\/[0-9a-f-]{36}/);
  await tab.getByPlaceholder(/Write a note/).fill("A reader writes.");
  await tab.getByRole("button", { name: "Keep note" }).click();
  await tab.getByText(/may|role|cannot/i).first().waitFor();
  await tab.getByRole("link", { name: "Back" }).click();
  await tab.waitForURL(/\/leads\/[0-9a-f-]{36}/);
  assert.equal(await tab.getByText("A reader writes.").count(), 0);
  await tab.goto("/sessions");
  await tab.getByText("this one").waitFor();
  tab.said.length = 0;
  await sound(tab, "sessions");
  await tab.setViewportSize({ width: 1280, height: 860 });
  await tab.getByRole("button", { name: "Sign out here" }).click();
  await tab.waitForURL(/\/sign-in/);
  await tab.goto("/");
  await tab.waitForURL(/\/sign-in/);
});

test("an admin lets people in and out, makes a key that is shown once, and sees who did what", async () => {
  const tab = await page({ baseURL: await door() });
  await tab.goto("/settings/people");
  await enter(tab, "admin");
  await tab.waitForURL(/\/settings\/people/);
  await tab.getByLabel("E-mail").fill("new.colleague@example.com");
  await tab.getByRole("button", { name: "Add", exact: true }).click();
  await tab.getByText("It is shown this once.").waitFor();
  await tab.getByLabel("Name").last().fill("crm export");
  await tab.getByRole("button", { name: "Make a key" }).click();
  await tab.getByText("It is shown this once.").waitFor();
  const key = await tab.locator(".notice code").textContent();
  const asked = async () => fetch(`${await door()}/api/v1/leads?limit=1`, { headers: { authorization: `Bearer ${key}` } });
  assert.equal((await asked()).status, 200);
  await sound(tab, "people");
  await tab.setViewportSize({ width: 1280, height: 860 });
  await tab.getByRole("button", { name: "Revoke" }).click();
  await tab.getByText("revoked").first().waitFor();
  assert.equal((await asked()).status, 401);
  await tab.getByRole("row", { name: /new\.colleague/ }).getByRole("button", { name: "Shut out" }).click();
  await tab.getByText("shut out").first().waitFor();
  await tab.goto("/settings");
  await sound(tab, "settings");
  await tab.goto("/connections");
  await sound(tab, "connections");
});

test("a session that ends in the middle of a form: the words are there again after signing in, and are kept once", async () => {
  const tab = await page({ baseURL: await door() });
  await tab.goto("/leads?status=contacted");
  await enter(tab, "member");
  await tab.locator("#leads-list .name").first().click();
  await tab.waitForURL(/\/leads\/[0-9a-f-]{36}/);
  await tab.getByPlaceholder(/Write a note/).fill("Written when the session ended.");
  await tab.context().clearCookies();
  await tab.getByRole("button", { name: "Keep note" }).click();
  await tab.getByText("What you were about to send is kept").waitFor();
  await enter(tab, "member");
  await tab.getByRole("heading", { name: "Here is your form again" }).waitFor();
  tab.said.length = 0;
  await sound(tab, "form-again");
  await tab.getByRole("button", { name: "Send it" }).click();
  await tab.waitForURL(/\/leads\/[0-9a-f-]{36}/);
  assert.equal(await tab.locator(".touch", { hasText: "Written when the session ended." }).count(), 1);
});
