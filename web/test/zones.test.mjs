// Times in zones that are hours from UTC, and in one that the server does not know.
// Expected clocks are worked out by hand.
import assert from "node:assert/strict";
import { test } from "node:test";
import { open, page, sql } from "./demo_site.mjs";

const clientZone = "UTC+05:45";
// 10:00 and 12:30 in UTC.
const clocks = { "UTC+08:00": ["18:00", "20:30"], "UTC-05:30": ["04:30", "07:00"], "UTC+05:45": ["15:45", "18:15"] };

test("offsets are shown as UTC±hh:mm, and times use them", async () => {
  const [{ agent, client }] = await sql`
    SELECT a.agent_id AS agent, a.client_group_id AS client FROM timesheet.agents AS a
    WHERE a.client_group_id IS NOT NULL ORDER BY a.agent_id LIMIT 1`;
  const [{ before }] =
    await sql`SELECT g.time_zone AS before FROM timesheet.client_groups AS g WHERE g.client_group_id = ${client}`;
  await sql`UPDATE timesheet.client_groups SET time_zone = ${clientZone} WHERE client_group_id = ${client}`;
  try {
    for (const [zone, [from, to]] of Object.entries(clocks)) {
      await sql`
        INSERT INTO timesheet.time_entries (jibble_activity_id, agent_id, client_group_id, start_time_utc, raw_type,
          time_zone, workday, workday_end)
        SELECT gen_random_uuid(), ${agent}, ${client}, v.at, v.type, timesheet.canonical_time_zone(${zone}),
          '2025-03-18', '2025-03-19 16:00Z'
        FROM (VALUES ('2025-03-18 10:00Z'::timestamptz, 'In'), ('2025-03-18 12:30Z', 'Out')) AS v (at, type)`;
      const [{ id }] = await sql`
        SELECT e.jibble_activity_id::text AS id FROM timesheet.time_entries AS e
        WHERE e.workday = '2025-03-18' AND e.raw_type = 'In'`;
      await open(`/agents/${agent}/2025-03-18`);
      assert.equal(await page.locator(".timeline .axis.first .zone").textContent(), zone);
      assert.match(
        await page.locator(".timeline .session title").first().textContent(),
        new RegExp(`^${from}–${to} .*, 2:30:00`),
      );
      await open(`/agents/${agent}/2025-03-18?clock=client`);
      assert.match(
        await page.locator(".timeline .session title").first().textContent(),
        /^15:45–18:15 /,
        "the client's clock",
      );
      await open(`/entries?from=2025-03-18&to=2025-03-18`);
      const row = await page.locator("tbody tr").first().textContent();
      assert.ok(row.includes(to) && row.includes(zone), `${zone}: ${row}`);
      await open(`/entries/${id}`);
      const entry = await page.locator("main").textContent();
      assert.ok(
        entry.includes(zone) && entry.includes(from) && !/Etc\/|<[+-]/.test(entry.replace(/.*"timeZone".*/g, "")),
        `${zone}: ${entry}`,
      );
      await open(`/clients/${client}`);
      assert.match(await page.locator("main").textContent(), /reports in UTC\+05:45/);
      await sql`DELETE FROM timesheet.time_entries WHERE workday = '2025-03-18'`;
    }
  } finally {
    await sql`DELETE FROM timesheet.time_entries WHERE workday = '2025-03-18'`;
    await sql`UPDATE timesheet.client_groups SET time_zone = ${before} WHERE client_group_id = ${client}`;
    await sql`SELECT timesheet.refresh()`;
  }
});

/** As after a restore on another server: entries in a zone whose name is not known here. */
test("a zone that the server does not know breaks no page", async () => {
  const [{ agent, client }] = await sql`
    SELECT a.agent_id AS agent, a.client_group_id AS client FROM timesheet.agents AS a
    WHERE a.client_group_id IS NOT NULL ORDER BY a.agent_id LIMIT 1`;
  const [{ before }] = await sql`SELECT a.time_zone AS before FROM timesheet.agents AS a WHERE a.agent_id = ${agent}`;
  await sql`
    INSERT INTO timesheet.time_entries (jibble_activity_id, agent_id, client_group_id, start_time_utc, raw_type,
      time_zone, workday, workday_end)
    SELECT gen_random_uuid(), ${agent}, ${client}, v.at, v.type, 'US/Lost', '2025-03-18', '2025-03-19 00:00Z'
    FROM (VALUES ('2025-03-18 10:00Z'::timestamptz, 'In'), ('2025-03-18 12:30Z', 'Out')) AS v (at, type)`;
  await sql`UPDATE timesheet.agents SET time_zone = 'US/Lost' WHERE agent_id = ${agent}`;
  try {
    const [{ id }] = await sql`
      SELECT e.jibble_activity_id::text AS id FROM timesheet.time_entries AS e
      WHERE e.workday = '2025-03-18' AND e.raw_type = 'In'`;
    for (const path of [
      "/",
      "/agents",
      `/agents/${agent}?from=2025-03-18&to=2025-03-18`,
      `/agents/${agent}/2025-03-18`,
      "/entries?from=2025-03-18&to=2025-03-18",
      `/entries/${id}`,
      `/clients/${client}`,
      "/health",
    ])
      await open(path);
  } finally {
    await sql`DELETE FROM timesheet.time_entries WHERE workday = '2025-03-18'`;
    await sql`UPDATE timesheet.agents SET time_zone = ${before} WHERE agent_id = ${agent}`;
    await sql`SELECT timesheet.refresh()`;
  }
});
