// Forms, questions, results and lists of staff's changes: axe, and no page wider than its window.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { tooWideAt, violationsOf } from "./axe.mjs";
import { contextOf, startStaff } from "./staff_site.mjs";

let site, browser, sql;

before(async () => ([site, browser, sql] = await startStaff()));
after(async () => {
  await browser?.close();
  await site?.stop();
  await sql?.end();
});

const actions = [
  "resend_digest",
  "resolve_delivery",
  "send_preview",
  "revoke_portal_links",
  "view_portal",
  "resubscribe",
  "set_client_group",
  "set_working_time",
  "assign_client_group",
  "revoke_correction",
  "acknowledge_alert",
  "resolve_deletions",
  "update_settings",
  "erase_agent",
  "erase_contact",
];

for (const [colorScheme, width] of [
  ["light", 1280],
  ["dark", 390],
])
  test(`axe finds no violation at ${width} px in ${colorScheme}`, { timeout: 900_000 }, async (t) => {
    const options = { colorScheme, viewport: { width, height: 844 }, reducedMotion: "reduce" };
    const context = await contextOf(browser, site, "ana@agency.example", options);
    const page = await context.newPage();
    const [{ client, agent }] = await sql`
      SELECT a.client_group_id AS client, a.agent_id AS agent FROM timesheet.agents AS a
      WHERE a.client_group_id IS NOT NULL ORDER BY a.agent_id LIMIT 1`;
    // A result, and a correction to take back.
    await page.goto(
      `${site.url}/actions/set_working_time?agent=${agent}&since=2026-11-16&cutoff=0${width % 7}:00&step=confirm`,
    );
    await page.getByRole("button", { name: "Set it" }).click();
    await page.waitForURL(/\/actions\/done\//);
    const done = new URL(page.url()).pathname;
    // What a contact sees.
    const [{ email }] = await sql`
      SELECT d.email FROM timesheet.digests AS d JOIN timesheet.portal_openings AS p USING (email)
      WHERE d.state = 'sent' ORDER BY d.delivery_id LIMIT 1`;
    await page.goto(`${site.url}/actions/view_portal?email=${encodeURIComponent(email)}&step=confirm`);
    await page.getByRole("button", { name: "Show it" }).click();
    await page.getByRole("link", { name: "Open what the contact sees" }).click();
    await page.waitForURL(/\/digests\/seen\//);
    const seen = new URL(page.url()).pathname;
    for (const path of [
      done,
      `${seen}?from=2026-11-16&to=2026-11-22`,
      `/actions/view_portal?email=${encodeURIComponent(email)}&step=confirm`,
      "/actions",
      "/actions/corrections",
      "/actions?page=9",
      ...actions.map((action) => `/actions/${action}`),
      `/actions/set_client_group?client=${client}&zone=Asia/Manila&week=7&step=confirm`,
      `/actions/assign_client_group?agent=${agent}&client=${client}&since=2026-11-16&time=00:00&zone=UTC&step=confirm`,
      `/actions/update_settings?long_session=11:11&step=confirm`,
      `/actions/set_client_group?client=${client}&zone=Mars/Phobos&step=confirm`,
      `/agents/${agent}`,
      "/digests",
      "/health",
    ])
      await t.test(path, { timeout: 120_000 }, async () => {
        await page.goto(site.url + path);
        assert.deepEqual(await violationsOf(page), [], path);
        assert.deepEqual(await tooWideAt(page, [768]), [], path);
      });
    await context.close();
  });
