// An agent's timeline uses the clocks of its days.
import assert from "node:assert/strict";
import { test } from "node:test";
import { open, page, sql } from "./demo_site.mjs";

/**
 * Sessions of an agent who has moved since, and one through the night in which London's clocks go forward (2025-03-30
 * 01:00 to 02:00).
 */
test("its label is the zone of that day or says that there are several; a bar ends at the clock's time", async () => {
  const [{ agent, client, now }] = await sql`
    SELECT a.agent_id AS agent, a.client_group_id AS client, a.time_zone AS now FROM timesheet.agents AS a
    WHERE a.client_group_id IS NOT NULL AND a.time_zone NOT IN ('Europe/London', 'Asia/Tokyo') ORDER BY a.agent_id
    LIMIT 1`;
  await sql`
    INSERT INTO timesheet.time_entries (jibble_activity_id, agent_id, client_group_id, start_time_utc, raw_type,
      time_zone, workday, workday_end)
    SELECT gen_random_uuid(), ${agent}, ${client}, v.at, v.type, v.zone, v.day, v.day + 2
    FROM (VALUES ('2025-03-29 23:30Z'::timestamptz, 'In', 'Europe/London', date '2025-03-29'),
      ('2025-03-30 02:30Z', 'Out', 'Europe/London', '2025-03-29'),
      ('2025-04-02 01:00Z', 'In', 'Asia/Tokyo', '2025-04-02'), ('2025-04-02 03:00Z', 'Out', 'Asia/Tokyo', '2025-04-02'))
      AS v (at, type, zone, day)`;
  try {
    const label = () => page.locator(".timeline .axis.first .zone").textContent();
    await open(`/agents/${agent}?from=2025-03-29&to=2025-03-29`);
    assert.equal(await label(), "Europe/London");
    assert.notEqual(now, "Europe/London");
    const [session] = await sql`
      SELECT s.seconds, to_char(s.started_at AT TIME ZONE 'Europe/London', 'HH24:MI') || '–'
        || to_char(s.ended_at AT TIME ZONE 'Europe/London', 'HH24:MI') AS times
        FROM timesheet.sessions('2025-03-29', '2025-03-30', ${agent}) AS s`;
    assert.deepEqual([session.seconds, session.times], [10_800, "23:30–03:30"]);
    assert.match(await page.locator(".timeline .session title").textContent(), /^23:30–03:30 .*, 3:00:00/);
    // The axis runs from 08:00 to 28:00 (04:00), as the bar ends at 27:30: 4 hours by the clock of 20.
    const [left, width] = await page
      .locator(".timeline .session rect")
      .evaluate((bar) => [bar.getAttribute("x"), bar.getAttribute("width")].map(parseFloat));
    assert.ok(Math.abs(left - (15.5 / 20) * 100) < 0.01 && Math.abs(width - (4 / 20) * 100) < 0.01, `${left} ${width}`);
    await open(`/agents/${agent}/2025-04-02`);
    assert.equal(await label(), "Asia/Tokyo");
    await open(`/agents/${agent}?from=2025-03-29&to=2025-04-02`);
    assert.equal(await label(), "several zones");
    assert.match(
      await page.locator(".timeline svg[role=img][aria-label^='Wed 2 Apr 2025']").getAttribute("aria-label"),
      /10:00–12:00 in Asia\/Tokyo /,
    );
    await open(`/agents/${agent}?from=2020-01-01&to=2020-01-02`);
    assert.equal(await page.locator(".timeline").count(), 0);
  } finally {
    await sql`DELETE FROM timesheet.time_entries WHERE workday IN ('2025-03-29', '2025-04-02')`;
    await sql`SELECT timesheet.refresh()`;
  }
});
