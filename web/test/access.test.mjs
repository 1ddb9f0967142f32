// Accessible to everybody: by keyboard, with a screen reader, on a phone, in dark mode.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { tooWideAt, violationsOf } from "./axe.mjs";
import { owner, startBrowser, startDemo } from "./world.mjs";

let site, browser, sql, paths;

before(async () => {
  [site, browser, sql] = [await startDemo(), await startBrowser(), owner()];
  const [{ agent, client, entry }] = await sql`
    SELECT s.agent_id AS agent, s.client_group_id AS client, s.jibble_activity_id AS entry
    FROM timesheet.sessions('2026-11-17', '2026-11-18') AS s WHERE s.client_group_id IS NOT NULL ORDER BY s.started_at
    LIMIT 1`;
  const digests =
    await sql`SELECT min(delivery_id)::int AS id FROM timesheet.digest_deliveries GROUP BY state ORDER BY 1`;
  const days = "from=2026-11-16&to=2026-11-22";
  paths = [
    `/?${days}`,
    "/",
    "/?q=zzz",
    `/clients?${days}`,
    `/clients?${days}&q=zzz`,
    `/clients/${client}?${days}`,
    `/clients/${client}?from=2020-01-01&to=2020-01-07`,
    `/agents?${days}`,
    `/agents?${days}&people=all`,
    `/agents/usual?from=2026-11-16`,
    "/agents/usual?from=2020-01-01&people=all",
    `/agents/${agent}?${days}&clock=client`,
    `/agents/${agent}/2026-11-17`,
    `/activities?${days}`,
    `/activities/compare?${days}`,
    "/activities/compare?from=2020-01-01&to=2020-01-07&q=zzz",
    `/entries?${days}&q=a`,
    `/entries/${entry}`,
    `/digests?${days}`,
    "/digests?from=2026-11-23&to=2026-11-29",
    "/digests?from=2020-01-01&to=2020-01-07&q=zzz",
    ...digests.map(({ id }) => `/digests/${id}`),
    "/health",
    "/health?from=2020-01-01&to=2020-01-07",
    `/clients/${client}?${days}&hours=hmm`,
    `/agents/${agent}/2020-01-01`,
    "/search",
    "/search?q=an",
    "/search?q=zzzzz",
    "/nowhere",
    "/clients/999999",
  ];
});
after(async () => {
  await browser?.close();
  await site?.stop();
  await sql?.end();
});

for (const [colorScheme, width] of [
  ["light", 1280],
  ["dark", 390],
])
  test(
    `axe finds no violation at ${width} px in ${colorScheme}, and no page is too wide`,
    { timeout: 900_000 },
    async (t) => {
      const context = await browser.newContext({
        colorScheme,
        viewport: { width, height: 844 },
        reducedMotion: "reduce",
      });
      const page = await context.newPage();
      for (const path of paths)
        await t.test(path, { timeout: 120_000 }, async () => {
          await page.goto(site.url + path);
          // axe cannot run in a sandbox: it checks the frame itself, not the e-mail in it.
          await page
            .locator("iframe")
            .evaluateAll((all) =>
              all.forEach((frame) => (frame.removeAttribute("sandbox"), (frame.src = "about:blank"))),
            );
          assert.deepEqual(await violationsOf(page), [], path);
          assert.deepEqual(await tooWideAt(page, [768]), [], path);
        });
      await context.close();
    },
  );

test("axe finds what is wrong", async () => {
  const page = await browser.newPage();
  await page.setContent(
    '<html lang="en"><title>x</title><main><h1 style="color: #ccc; background: #fff">Hours</h1><img src="data:,">',
  );
  assert.deepEqual((await violationsOf(page)).sort(), ["critical image-alt at img", "serious color-contrast at h1"]);
  await page.close();
});

test("by keyboard: the first link skips to the content, a table can be scrolled, days can be chosen", async () => {
  const page = await browser.newPage();
  await page.goto(`${site.url}/clients`);
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.textContent), "Skip to the content");
  await page.keyboard.press("Enter");
  assert.equal(await page.evaluate(() => document.activeElement.id), "content");
  await page.getByRole("link", { name: "Last week" }).focus();
  await page.keyboard.press("Enter");
  await page.waitForURL(/from=2026-11-16&to=2026-11-22/);
  assert.equal(await page.getByLabel("From").inputValue(), "2026-11-16");
  await page.getByRole("searchbox", { name: "Search clients" }).fill("altamere");
  await page.keyboard.press("Enter");
  await page.waitForURL(/q=altamere/);
  assert.equal(await page.locator("table tbody tr").count(), 1);
  assert.equal(await page.locator(".scroller").getAttribute("tabindex"), "0");
  await page.close();
});

test("a chart has a description, and a table has each of its figures", async () => {
  const page = await browser.newPage();
  await page.goto(site.url + paths[5]);
  const chart = page.getByRole("img", { name: /Hours by day and agent, 16 – 22 Nov 2026: \d+\.\d\d in all/ });
  assert.equal(await chart.count(), 1);
  await page.goto(site.url + paths.find((path) => path.endsWith("&clock=client")));
  assert.ok((await page.getByRole("img", { name: /Tue 17 Nov 2026: \d\d:\d\d–\d\d:\d\d / }).count()) === 1);
  await page.close();
});

test("it works without scripts", async () => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(`${site.url}/clients?from=2026-11-16&to=2026-11-22`);
  await page.getByRole("searchbox", { name: "Search clients" }).fill("altamere");
  await page.keyboard.press("Enter");
  await page.waitForURL(/q=altamere/);
  assert.equal(await page.locator("table tbody tr").count(), 1);
  await context.close();
});
