// What a first look costs: everything a page fetches, as it comes over the wire.
import assert from "node:assert/strict";
import { test } from "node:test";
import { page } from "./harness.mjs";

const whole = 100_000;
const script = 40_000;

test("a first look at any page fetches under 100 kB, no script is over 40 kB, and everything long is compressed", async () => {
  const tab = await page();
  const lead = async () => (await (await tab.request.get("/api/v1/leads?lead_status=replied&limit=1")).json()).items[0].id;
  const places = ["/", "/replies", "/queue", "/queue?waiting=1", "/leads", `/leads/${await lead()}`, "/companies", "/offers", "/campaigns", "/imports", "/analytics", "/sync", "/connections", "/settings", "/settings/people", "/api/v1/docs"];
  for (const place of places) {
    const fresh = await page();
    const cdp = await fresh.context().newCDPSession(fresh);
    await cdp.send("Network.enable");
    await cdp.send("Network.setCacheDisabled", { cacheDisabled: true });
    const asked = new Map();
    cdp.on("Network.responseReceived", ({ requestId, type, response }) => asked.set(requestId, { type, url: response.url, how: response.headers["content-encoding"], bytes: 0 }));
    let all = 0;
    cdp.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
      all += encodedDataLength;
      if (asked.has(requestId)) asked.get(requestId).bytes = encodedDataLength;
    });
    await fresh.goto(place, { waitUntil: "load" });
    await fresh.waitForTimeout(300);
    const fetched = [...asked.values()].filter((one) => one.type !== "EventSource");
    console.log(`${place.replace(/[0-9a-f-]{36}/, "…")}: ${all} bytes in ${fetched.length} requests`);
    assert.ok(fetched.some((one) => one.type === "Document" && one.bytes > 0), `${place} was not measured`);
    assert.ok(all < whole, `${place} fetches ${all} bytes`);
    for (const one of fetched) {
      if (one.type === "Script") assert.ok(one.bytes < script, `${one.url} has ${one.bytes} bytes`);
      if (one.bytes > 2000) assert.ok(/^(gzip|br|zstd)$/.test(one.how), `${one.url} is not compressed`);
    }
    await fresh.context().close();
  }
});
