// screenshots.mjs FOLDER [PAGE…]: each page at 390, 768 and 1280 px, in light and dark.
// test/run.sh screenshots runs it.
import { mkdirSync } from "node:fs";
import { agency, makeLink, portalUri } from "./portal_site.mjs";
import { docsUrl, freePort, now, owner, startBrowser, startSite } from "./world.mjs";

const [folder, ...wanted] = process.argv.slice(2);
const days = "from=2026-11-16&to=2026-11-22";
mkdirSync(folder, { recursive: true });
// The sample organisation ends in the past: some are at work now, one of them for too long.
const sql = owner();
await sql`
  INSERT INTO timesheet.time_entries (jibble_activity_id, agent_id, client_group_id, activity_id, start_time_utc,
    raw_type, time_zone, workday, workday_end)
  SELECT gen_random_uuid(), a.agent_id, a.client_group_id, v.activity_id, t.at,
    CASE a.n WHEN 4 THEN 'StartBreak' ELSE 'In' END, a.time_zone, (t.at AT TIME ZONE a.time_zone)::date,
    now() + interval '12 hours'
  FROM (SELECT a.*, row_number() OVER (ORDER BY a.agent_id) AS n FROM timesheet.agents AS a
    WHERE a.status = 'Joined' AND a.client_group_id IS NOT NULL) AS a
  CROSS JOIN LATERAL (
    SELECT now() - CASE a.n WHEN 7 THEN interval '13 hours' ELSE a.n * interval '37 minutes' END AS at)
    AS t
  CROSS JOIN LATERAL (
    SELECT v.activity_id FROM timesheet.activities AS v ORDER BY v.activity_id OFFSET 3 * a.n LIMIT 1) AS v
  WHERE a.n <= 11`;
const [moved] = await sql`
  SELECT a.agent_id AS agent, a.client_group_id AS client_now,
    (SELECT max(g.client_group_id) FROM timesheet.client_groups AS g
     WHERE g.client_group_id <> a.client_group_id) AS client
  FROM timesheet.agents AS a WHERE a.client_group_id IS NOT NULL ORDER BY a.agent_id LIMIT 1`;
// Previews in each state that lasts, and a deletion that is held back.
for (const [state, error] of [
  ["sent", null],
  ["failed", "Resend refused it: The recipient's mailbox does not exist."],
  ["in_doubt", "Mailgun closed the connection before it answered"],
]) {
  const [{ id }] = await sql`
    SELECT timesheet.operate_send_preview('demo@agency.example', 'claire@lumiere.example', '2026-11-16',
      'demo@agency.example') AS id`;
  await sql`
    UPDATE timesheet.outbox_messages SET state = ${state}, error = ${error}, provider = 'resend', attempts = 1,
      sent_at = CASE ${state} WHEN 'sent' THEN now() END
    WHERE delivery_id = ${id}`;
}
// A contact whose link was opened, and what it sees.
const seen = crypto.randomUUID();
await sql`
  INSERT INTO timesheet.portal_links (token_sha256, delivery_id, contact_id, created_at)
  SELECT sha256('a link of the pictures'), d.delivery_id, d.contact_id, now() - interval '7 days'
  FROM timesheet.digest_deliveries AS d
  WHERE d.email = 'operations@redstone.example' AND d.state = 'sent' LIMIT 1`;
await sql`
  INSERT INTO timesheet.portal_visits
  VALUES (sha256('a link of the pictures'), now() - interval '6 days', now() - interval '2 hours', 5)`;
await sql`SELECT FROM timesheet.operate_view_portal('demo@agency.example', 'operations@redstone.example', ${seen})`;
await sql`
  INSERT INTO timesheet.held_deletions (resource, jibble_id, person_id, reason)
  SELECT 'TimeEntries', e.jibble_activity_id, a.jibble_id, 'person_deleted' FROM timesheet.time_entries AS e
  JOIN timesheet.agents AS a USING (agent_id) WHERE a.agent_id = ${moved.agent} ORDER BY e.start_time_utc DESC LIMIT 2`;
await sql`SELECT timesheet.update_deletion_alerts()`;
// A link to the clients' portal, on which a day changed after it was sent.
const token = await makeLink(sql, "operations@redstone.example");
await sql`
  INSERT INTO timesheet.hour_entries (jibble_id, agent_id, client_group_id, workday, seconds)
  SELECT gen_random_uuid(), f.agent_id, f.client_group_id, f.workday, 1800 FROM timesheet.digest_figures AS f
  JOIN timesheet.digest_deliveries AS d USING (delivery_id) JOIN timesheet.contacts AS c USING (contact_id)
  WHERE c.email = 'operations@redstone.example' AND f.workday = '2026-11-17' ORDER BY f.agent_id LIMIT 1`;
await sql`SELECT timesheet.refresh()`;
await sql.end();
const port = await freePort();
const site = await startSite(
  {
    TIMESHEET_WEB_DEMO: "1",
    TIMESHEET_WEB_NOW: now,
    DOCS_URL: docsUrl,
    OPERATOR_DATABASE_URL: process.env.TIMESHEET_WEB_TEST_OPERATOR_URI,
    OPERATORS: "demo@agency.example",
    PORTAL_DATABASE_URL: portalUri(),
    PORTAL_URL: `http://127.0.0.1:${port}/portal`,
    PORTAL_NAME: agency,
  },
  { port },
);
const browser = await startBrowser();
const portalCookie = { name: "timesheet_portal", value: token, domain: "127.0.0.1", path: "/portal", httpOnly: true };
const finder = await browser.newPage();
await finder.context().addCookies([portalCookie]);
const pathOf = async (list, name) => {
  await finder.goto(
    `${site.url}/${list}?${days.replace(/22$/, list === "digests" ? "29" : "22")}&q=${encodeURIComponent(name)}`,
  );
  return finder.locator(`table tbody th a`).first().getAttribute("href");
};
const agent = await pathOf("agents", "Ana Liza");
await finder.goto(site.url + agent);
const day = await finder.locator("table[data-table=days] tbody th a").first().getAttribute("href");
const move = (client, since) =>
  `/actions/assign_client_group?agent=${moved.agent}&client=${client}&since=${since}&time=00:00&zone=UTC&step=confirm`;
await finder.goto(site.url + move(moved.client, "2026-11-16"));
await finder.getByRole("button", { name: "Move the agent" }).click();
await finder.waitForURL(/\/actions\/done\//);
const result = new URL(finder.url()).pathname;
await finder.goto(`${site.url}/portal/digests`);
const portalDigest = await finder.locator("[data-digest] a").first().getAttribute("href");
const pages = {
  overview: "/",
  period: `/?${days}`,
  clients: `/clients?${days}&sort=-hours`,
  client: await pathOf("clients", "Café"),
  agents: `/agents?${days}`,
  agent,
  day,
  usual: "/agents/usual",
  activities: `/activities?${days}`,
  compare: "/activities/compare",
  entries: `/entries?${days}`,
  health: "/health",
  digests: "/digests",
  previews: "/digests?q=claire#previews-title",
  portal: "/digests#portal-title",
  seen: `/digests/seen/${seen}?${days}`,
  digest: await pathOf("digests", "redstone"),
  actions: "/actions",
  corrections: "/actions/corrections",
  form: "/actions/erase_agent",
  question: move(moved.client_now, "2026-11-18"),
  refused: "/actions/set_working_time?agent=1&since=2026-11-16&zone=Mars/Phobos&step=confirm",
  result,
  search: "/search?q=re",
  portal_hours: "/portal",
  portal_week: "/portal/week/2026-11-16",
  portal_digests: "/portal/digests",
  portal_digest: portalDigest,
  portal_link: "/portal/link",
};
for (const colorScheme of ["light", "dark"])
  for (const width of [390, 768, 1280]) {
    const context = await browser.newContext({
      colorScheme,
      locale: "en-GB",
      viewport: { width, height: { 390: 844, 768: 1024 }[width] ?? 800 },
      reducedMotion: "reduce",
    });
    await context.addCookies([portalCookie]);
    const page = await context.newPage();
    for (const [name, path] of Object.entries(pages)) {
      if (wanted.length > 0 && !wanted.includes(name)) continue;
      await page.goto(site.url + path, { waitUntil: "networkidle" });
      const file = `${folder}/${name}-${width}-${colorScheme}.png`;
      const [, part] = path.split("#");
      if (part) {
        await page.locator(`section[aria-labelledby="${part}"]`).screenshot({ path: file });
        continue;
      }
      const height = Math.min(
        await page.evaluate(() => document.documentElement.scrollHeight),
        width === 390 ? 1700 : 1500,
      );
      await page.screenshot({
        path: file,
        fullPage: true,
        clip: { x: 0, y: 0, width, height },
      });
    }
    await context.close();
  }
await browser.close();
await site.stop();
