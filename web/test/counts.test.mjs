// Counts on a page equal SQL's, whatever part the page lists.
import assert from "node:assert/strict";
import { test } from "node:test";
import { open, page, sql } from "./demo_site.mjs";
import { figure, tableOf } from "./world.mjs";

const count = (text) => Number(text.replaceAll(",", ""));

test("notes: the tile counts all of them where the list has only the newest 50, and says so", async () => {
  // More notes for one agent than a list shows: a clock-out every minute, without a clock-in.
  const [{ agent, client }] = await sql`
    SELECT a.agent_id AS agent, a.client_group_id AS client FROM timesheet.agents AS a
    WHERE a.client_group_id IS NOT NULL AND a.status = 'Joined' ORDER BY a.agent_id LIMIT 1`;
  await sql`
    INSERT INTO timesheet.time_entries (jibble_activity_id, agent_id, client_group_id, start_time_utc, raw_type,
      time_zone, workday, workday_end)
    SELECT gen_random_uuid(), ${agent}, ${client}, '2025-03-03 10:00Z'::timestamptz + n * interval '1 minute', 'Out',
      'UTC', '2025-03-03', '2025-03-04 00:00Z' FROM generate_series(1, 60) AS n`;
  try {
    for (const [path, mine] of [
      [`/agents/${agent}`, sql`n.agent_id = ${agent}`],
      [`/clients/${client}`, sql`n.client_group_id = ${client}`],
    ]) {
      const [{ notes }] =
        await sql`SELECT count(*)::int AS notes FROM timesheet.notes('2025-03-01', '2025-04-01') AS n WHERE ${mine}`;
      assert.ok(notes > 50);
      await open(`${path}?from=2025-03-01&to=2025-03-31`);
      assert.equal(count(await figure(page, "notes")), notes, path);
      const list = page.locator("section[aria-labelledby=notes]");
      assert.equal(await list.locator("li").count(), 50);
      assert.equal(await list.locator(".hint").textContent(), `The newest 50 of ${notes}.`);
      const [few] =
        await sql`SELECT count(*)::int AS notes FROM timesheet.notes('2026-11-16', '2026-11-23') AS n WHERE ${mine}`;
      await open(`${path}?from=2026-11-16&to=2026-11-22`);
      assert.equal(count(await figure(page, "notes")), few.notes, path);
      assert.equal(await list.locator(".hint").count(), 0);
    }
  } finally {
    await sql`DELETE FROM timesheet.time_entries WHERE workday = '2025-03-03'`;
  }
});

test("days worked and agents: the same on every page, also if a session has no hours; a break is no work", async () => {
  const [
    {
      client,
      activity,
      ids: [one, two],
    },
  ] = await sql`
      SELECT a.client_group_id AS client, (SELECT min(activity_id) FROM timesheet.activities) AS activity,
        array_agg(a.agent_id ORDER BY a.agent_id) AS ids
    FROM timesheet.agents AS a WHERE a.client_group_id IS NOT NULL AND a.status = 'Joined' GROUP BY 1
    HAVING count(*) > 1 ORDER BY 1 LIMIT 1`;
  await sql`UPDATE timesheet.settings SET missing_clock_out = 'zero'`;
  await sql`
    INSERT INTO timesheet.time_entries (jibble_activity_id, agent_id, client_group_id, activity_id, start_time_utc,
      raw_type, time_zone, workday, workday_end)
    SELECT gen_random_uuid(), v.agent, ${client}, ${activity}, v.day + time '10:00', v.type, 'UTC', v.day, v.day + 1
    FROM (VALUES (${one}::int, date '2025-04-07', 'In'), (${one}, '2025-04-08', 'In'),
      (${two}, '2025-04-07', 'StartBreak')) AS v (agent, day, type)`;
  try {
    const worked = (column) =>
      sql`
        SELECT count(DISTINCT h.${sql(column)})::int AS count, sum(h.work_seconds) AS seconds
        FROM timesheet.daily_hours('2025-04-07', '2025-04-09') AS h WHERE h.work_seconds > 0 OR h.session_count > 0`;
    const [[days], [agents]] = [await worked("workday"), await worked("agent_id")];
    assert.deepEqual([days.count, agents.count, days.seconds], [2, 1, 0]);
    const range = "from=2025-04-07&to=2025-04-08";
    const cell = async (path, table, key, column) => {
      await open(`${path}?${range}`);
      return (await tableOf(page, table)).rows.find((row) => row.key === String(key))[column];
    };
    assert.equal(await cell("/agents", "agents", one, "days"), "2");
    assert.equal((await tableOf(page, "agents")).rows.length, 1, "who had a break alone is left out");
    await open(`/agents?${range}&people=all`);
    assert.equal((await tableOf(page, "agents")).rows.find((row) => row.key === String(two)).days, "0");
    await open(`/agents/${one}?${range}`);
    assert.equal(await figure(page, "days"), "2");
    await open(`/agents/${two}?${range}`);
    assert.equal(await figure(page, "days"), "0");
    assert.equal(await cell("/clients", "clients", client, "agents"), "1");
    assert.equal(await cell("/", "clients", client, "agents"), "1");
    assert.equal(await figure(page, "agents"), "1");
    await open(`/clients/${client}?${range}`);
    assert.equal(await figure(page, "agents"), "1");
    assert.equal(await cell("/activities", "activities", activity, "agents"), "1");
    await open("/?from=2025-04-09&to=2025-04-10");
    assert.match(
      await page.locator('.tile:has([data-figure="agents"]) .detail').textContent(),
      /^1 in the previous period/,
    );
  } finally {
    await sql`DELETE FROM timesheet.time_entries WHERE workday IN ('2025-04-07', '2025-04-08')`;
    await sql`UPDATE timesheet.settings SET missing_clock_out = 'day_end'`;
    await sql`SELECT timesheet.refresh()`;
  }
});

test("notes: a rejected entry links to Health, which lists it, and not to an entry that does not exist", async () => {
  const runs = await sql`
    INSERT INTO timesheet.raw_events (resource, jibble_id, payload)
      VALUES ('TimeEntries', NULL, '{"odd": 1}'), ('TimeEntries', NULL, '{"odd": 2}'),
        ('TimeEntries', gen_random_uuid(), '{"odd": 3}') RETURNING raw_event_id AS id`;
  const ids = runs.map((row) => row.id);
  await sql`
    INSERT INTO timesheet.ingest_problems (raw_event_id, problem) SELECT unnest(${ids}::bigint[]), 'it has no time'`;
  try {
    const [{ day }] =
      await sql`SELECT max(n.workday)::text AS day FROM timesheet.notes AS n WHERE n.code = 'rejected_entry'`;
    await open(`/?from=${day}&to=${day}`);
    const links = await page
      .locator(".notes li:has(.tag.rejected_entry) .detail a")
      .evaluateAll((all) => all.map((each) => each.getAttribute("href")).filter((href) => href.startsWith("/")));
    assert.deepEqual(
      links,
      ids.map(() => "/health#problems"),
    );
    for (const href of new Set(
      await page
        .locator(".notes .detail a")
        .evaluateAll((all) => all.map((each) => each.getAttribute("href")).filter((href) => href.startsWith("/"))),
    ))
      await open(href);
    assert.equal(await page.locator("#problems").count(), 1);
  } finally {
    await sql`DELETE FROM timesheet.ingest_problems WHERE raw_event_id = ANY (${ids})`;
    await sql`DELETE FROM timesheet.raw_events WHERE raw_event_id = ANY (${ids})`;
  }
});
