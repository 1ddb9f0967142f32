// Each page's figures against the session engine's own functions, which the dashboard does not read.
import assert from "node:assert/strict";
import { test } from "node:test";
import { open, page, site, sql } from "./demo_site.mjs";
import { csv, figure, hundredths, tableOf } from "./world.mjs";

const since = "2026-11-16";
const until = "2026-11-23";
const days = "from=2026-11-16&to=2026-11-22";

/** Cells in hundredths as R12 rounds them, {key: figure}; rows are {key, seconds} by their ids. */
async function rounded(rows) {
  const [row] = await sql`
    SELECT timesheet.round_hours(string_to_array(${rows.map((r) => r.seconds).join(",")}, ',')::bigint[])::text
      AS hours`;
  return Object.fromEntries(
    row.hours
      .slice(1, -1)
      .split(",")
      .map((hours, n) => [rows[n].key, hundredths(hours)]),
  );
}

function shown(rows, column) {
  return Object.fromEntries(rows.map((row) => [row.key, hundredths(row[column])]));
}

function sum(cells) {
  return Object.values(cells).reduce((total, cell) => total + cell, 0);
}

test("clients: each client's hours, unconfirmed and breaks equal the engine's, and the footer their sums", async () => {
  await open(`/clients?${days}`);
  const { rows, total } = await tableOf(page, "clients");
  for (const [column, seconds] of [
    ["hours", "work_seconds"],
    ["unconfirmed", "unconfirmed_seconds"],
    ["breaks", "break_seconds"],
  ]) {
    const expected = await rounded(
      await sql`
      SELECT g.client_group_id::text AS key, coalesce(sum(h.${sql(seconds)}), 0) AS seconds
      FROM timesheet.client_groups AS g LEFT JOIN timesheet.weekly_hours(${since}, ${until}) AS h
        USING (client_group_id) GROUP BY g.client_group_id, g.name ORDER BY g.client_group_id`,
    );
    assert.deepEqual(shown(rows, column), expected, column);
    assert.equal(hundredths(total[column]), sum(expected), column);
  }
});

test("clients: the export has the rows and figures of the page, searched and sorted", async () => {
  for (const query of [days, `${days}&q=re&sort=-hours`, `${days}&sort=-name`]) {
    await open(`/clients?${query}`);
    const { rows, total } = await tableOf(page, "clients");
    const exported = await csv(`${site.url}/clients/csv?${query}`);
    assert.deepEqual(
      exported.map((row) => row.Client),
      rows.map((row) => row.name),
    );
    assert.deepEqual(
      exported.map((row) => hundredths(row.Hours)),
      rows.map((row) => hundredths(row.hours)),
    );
    assert.equal(
      exported.reduce((all, row) => all + hundredths(row.Hours), 0),
      hundredths(total.hours),
    );
  }
});

test("clients: a search changes no figure and finds Café by cafe", async () => {
  await open(`/clients?${days}`);
  const all = await tableOf(page, "clients");
  await open(`/clients?${days}&q=cafe`);
  const { rows } = await tableOf(page, "clients");
  assert.deepEqual(
    rows.map((row) => row.name),
    ["Café Lumière Catering"],
  );
  assert.deepEqual(
    rows[0],
    all.rows.find((row) => row.name === "Café Lumière Catering"),
  );
});

test("sorting: by a heading's link, both ways, announced to screen readers, and kept in the address", async () => {
  await open(`/clients?${days}`);
  await page.getByRole("link", { name: "Hours", exact: true }).click();
  await page.waitForURL(/sort=-hours/);
  let { rows } = await tableOf(page, "clients");
  assert.deepEqual(
    rows.map((row) => hundredths(row.hours)),
    rows.map((row) => hundredths(row.hours)).sort((a, b) => b - a),
  );
  assert.equal(await page.locator("th[aria-sort]").getAttribute("aria-sort"), "descending");
  await page.getByRole("columnheader", { name: /Hours/ }).getByRole("link").click();
  await page.waitForURL(/sort=hours/);
  ({ rows } = await tableOf(page, "clients"));
  assert.deepEqual(
    rows.map((row) => hundredths(row.hours)),
    rows.map((row) => hundredths(row.hours)).sort((a, b) => a - b),
  );
});

test("client: agents by day equal the engine's; rows, columns, tiles and activities are sums of it", async () => {
  const clients = await sql`
    SELECT client_group_id AS id FROM timesheet.weekly_hours(${since}, ${until}) WHERE client_group_id IS NOT NULL
    GROUP BY 1 ORDER BY count(DISTINCT agent_id) DESC, 1 LIMIT 3`;
  for (const { id } of clients) {
    await open(`/clients/${id}?${days}`);
    const { rows, total } = await tableOf(page, "agents");
    const slots = Array.from({ length: 7 }, (_, n) => `2026-11-${16 + n}`);
    const expected = await rounded(
      await sql`
      SELECT a.agent_id || ' ' || d.day AS key,
        coalesce((SELECT sum(h.work_seconds) FROM timesheet.daily_hours(${since}, ${until}) AS h
          WHERE h.agent_id = a.agent_id AND h.client_group_id = ${id} AND h.workday = d.day), 0) AS seconds
      FROM (SELECT DISTINCT h.agent_id FROM timesheet.daily_hours(${since}, ${until}) AS h
        WHERE h.client_group_id = ${id}) AS w JOIN timesheet.agents AS a USING (agent_id)
      CROSS JOIN (SELECT ${since}::date + n AS day FROM generate_series(0, 6) AS n) AS d ORDER BY a.agent_id, d.day`,
    );
    const cells = Object.fromEntries(
      rows.flatMap((row) => slots.map((slot) => [`${row.key} ${slot}`, hundredths(row[slot])])),
    );
    assert.deepEqual(cells, expected);
    for (const row of rows)
      assert.equal(
        hundredths(row.hours),
        slots.reduce((all, slot) => all + hundredths(row[slot]), 0),
      );
    for (const slot of slots)
      assert.equal(
        hundredths(total[slot]),
        rows.reduce((all, row) => all + hundredths(row[slot]), 0),
      );
    assert.equal(hundredths(await figure(page, "hours")), sum(expected));
    const activities = await tableOf(page, "activities");
    assert.equal(hundredths(activities.total.hours), sum(expected));
    const exported = await csv(`${site.url}/clients/${id}/csv?${days}`);
    assert.deepEqual(
      exported.map((row) => slots.map((slot) => hundredths(row[slot]))),
      rows.map((row) => slots.map((slot) => hundredths(row[slot]))),
    );
    const ofActivities = await csv(`${site.url}/clients/${id}/csv?${days}&table=activities`);
    assert.equal(
      ofActivities.reduce((all, row) => all + hundredths(row.Hours), 0),
      hundredths(activities.total.hours),
    );
  }
});

test("client: this week is the client's own week", async () => {
  const [client] = await sql`SELECT client_group_id AS id FROM timesheet.client_groups WHERE week_starts_on = 7`;
  await open(`/clients/${client.id}`);
  assert.equal(await page.locator("[data-range]").getAttribute("data-range"), "2026-11-22 2026-11-28");
  await open("/clients");
  assert.equal(await page.locator("[data-range]").getAttribute("data-range"), "2026-11-23 2026-11-29");
});

test("agents: hours and days equal the engine's, in the export too; people without hours are left out", async () => {
  const hours = (all) => sql`
    SELECT a.agent_id::text AS key, coalesce(sum(h.work_seconds), 0) AS seconds
    FROM timesheet.agents AS a LEFT JOIN timesheet.weekly_hours(${since}, ${until}) AS h USING (agent_id)
    GROUP BY a.agent_id HAVING ${all} OR sum(h.work_seconds) > 0 OR sum(h.unconfirmed_seconds) > 0
    ORDER BY a.agent_id`;
  await open(`/agents?${days}&people=all`);
  const everybody = await tableOf(page, "agents");
  assert.deepEqual(shown(everybody.rows, "hours"), await rounded(await hours(true)));
  await open(`/agents?${days}`);
  const { rows, total } = await tableOf(page, "agents");
  const expected = await rounded(await hours(false));
  assert.ok(rows.length < everybody.rows.length);
  assert.equal(
    await page.locator("[data-left]").getAttribute("data-left"),
    String(everybody.rows.length - rows.length),
  );
  assert.deepEqual(shown(rows, "hours"), expected);
  assert.equal(hundredths(total.hours), sum(expected));
  const worked = await sql`
    SELECT h.agent_id::text AS key, count(DISTINCT h.workday)::int AS days
    FROM timesheet.daily_hours(${since}, ${until}) AS h WHERE h.work_seconds > 0 OR h.session_count > 0 GROUP BY 1`;
  for (const { key, days: count } of worked) assert.equal(rows.find((row) => row.key === key).days, String(count));
  const exported = await csv(`${site.url}/agents/csv?${days}`);
  assert.deepEqual(
    exported.map((row) => [row.Agent, hundredths(row.Hours)]),
    rows.map((row) => [row.name, hundredths(row.hours)]),
  );
});

test("agent: days in both zones, hours, activities and every session equal the engine's", async () => {
  for (const { agent, name } of await sql`
    SELECT a.agent_id AS agent, a.full_name AS name FROM timesheet.agents AS a
    WHERE a.agent_id IN (SELECT s.agent_id FROM timesheet.sessions(${since}, ${until}) AS s)
    ORDER BY a.time_zone DESC, a.agent_id LIMIT 3`) {
    await open(`/agents/${agent}?${days}`);
    assert.equal(await page.locator("h1").textContent(), name);
    const { rows, total } = await tableOf(page, "days");
    const expected = await rounded(
      await sql`
        SELECT h.workday::text AS key, sum(h.work_seconds) AS seconds
        FROM timesheet.daily_hours(${since}, ${until}, ${agent}) AS h GROUP BY 1 ORDER BY 1`,
    );
    assert.deepEqual(shown(rows, "hours"), expected);
    const clocks = await sql`
      SELECT t.workday::text AS key, coalesce(to_char(t.clock_in AT TIME ZONE t.time_zone, 'HH24:MI'), '–') AS local,
        coalesce(to_char(t.clock_in AT TIME ZONE g.time_zone, 'HH24:MI'), '–') AS client
      FROM timesheet.attendance AS t JOIN timesheet.client_group_names AS g ON g.key = coalesce(t.client_group_id, 0)
      WHERE t.agent_id = ${agent} AND t.workday >= ${since} AND t.workday < ${until}`;
    for (const clock of clocks) {
      const row = rows.find((each) => each.key === clock.key);
      assert.deepEqual([row.in.slice(0, 5), row.inClient.slice(0, 5)], [clock.local, clock.client]);
    }
    assert.equal(hundredths((await tableOf(page, "activities")).total.hours), hundredths(total.hours));
    const sessions = await sql`
      SELECT s.jibble_activity_id::text AS id, s.seconds FROM timesheet.sessions(${since}, ${until}, ${agent}) AS s
      ORDER BY s.started_at, s.jibble_activity_id`;
    assert.deepEqual(
      (await tableOf(page, "sessions")).rows.map((row) => row.key),
      sessions.map((session) => session.id),
    );
    assert.equal(await page.locator(".timeline .session").count(), sessions.length);
    const exported = await csv(`${site.url}/agents/${agent}/csv?${days}&table=sessions`);
    assert.deepEqual(
      exported.map((row) => Number(row.Seconds)),
      sessions.map((session) => session.seconds),
    );
  }
});

test("agent: a day that two clients shared names both, whichever had the last entry", async () => {
  const [{ agent, own }] = await sql`
    SELECT agent_id AS agent, client_group_id AS own FROM timesheet.agents WHERE client_group_id IS NOT NULL
    ORDER BY agent_id LIMIT 1`;
  const [{ other }] = await sql`
    SELECT client_group_id AS other FROM timesheet.client_groups WHERE client_group_id <> ${own} AND name IS NOT NULL
    ORDER BY client_group_id LIMIT 1`;
  await sql`
    INSERT INTO timesheet.time_entries (jibble_activity_id, agent_id, client_group_id, start_time_utc, raw_type,
      time_zone, workday, workday_end)
    SELECT gen_random_uuid(), ${agent}, CASE v.is_own WHEN 1 THEN ${own}::int ELSE ${other}::int END, v.at, v.type,
      'UTC', '2025-05-06', '2025-05-07 00:00Z'
    FROM (VALUES ('2025-05-06 08:00Z'::timestamptz, 'In', 1), ('2025-05-06 10:00Z', 'In', 0),
      ('2025-05-06 13:00Z', 'Out', 1)) AS v (at, type, is_own)`;
  try {
    const [{ names }] = await sql`
      SELECT string_agg(name, ', ' ORDER BY name) AS names FROM timesheet.client_groups
      WHERE client_group_id IN (${own}, ${other})`;
    await open(`/agents/${agent}?from=2025-05-06&to=2025-05-06`);
    const { rows } = await tableOf(page, "days");
    assert.deepEqual(
      rows.map((row) => [row.client, hundredths(row.hours)]),
      [[names, 500]],
    );
  } finally {
    await sql`DELETE FROM timesheet.time_entries WHERE workday = '2025-05-06'`;
    await sql`SELECT timesheet.refresh()`;
  }
});

test("agent: a long range shows every session, page by page, and a search finds the oldest", async () => {
  const range = ["2026-09-01", "2026-11-23"];
  const [{ agent }] = await sql`
    SELECT s.agent_id AS agent FROM timesheet.sessions(${range[0]}, ${range[1]}) AS s GROUP BY 1
    ORDER BY count(*) DESC, 1 LIMIT 1`;
  const sessions = await sql`
    SELECT s.jibble_activity_id::text AS id, coalesce(v.name, '') AS activity
    FROM timesheet.sessions(${range[0]}, ${range[1]}, ${agent}) AS s
    LEFT JOIN timesheet.activities AS v USING (activity_id) ORDER BY s.started_at, s.jibble_activity_id`;
  assert.ok(sessions.length > 200, String(sessions.length));
  const seen = [];
  for (let part = 1; seen.length < sessions.length && part < 9; part += 1) {
    await open(`/agents/${agent}?from=2026-09-01&to=2026-11-22&page=${part}`);
    seen.push(...(await tableOf(page, "sessions")).rows.map((row) => row.key));
    assert.match(
      await page.locator("#sessions-title").textContent(),
      new RegExp(` to ${seen.length} of ${sessions.length}$`),
    );
  }
  assert.deepEqual(
    seen,
    sessions.map((row) => row.id),
  );
  assert.equal(await page.getByRole("link", { name: "Next page" }).count(), 0);
  const [first] = await sql`
    SELECT s.workday::text AS day FROM timesheet.sessions(${range[0]}, ${range[1]}, ${agent}) AS s
    ORDER BY s.started_at LIMIT 1`;
  await open(`/agents/${agent}?from=2026-09-01&to=2026-11-22&q=${first.day}`);
  assert.ok((await tableOf(page, "sessions")).rows.some((row) => row.key === sessions[0].id));
  const exported = await csv(`${site.url}/agents/${agent}/csv?from=2026-09-01&to=2026-11-22&table=sessions&page=2`);
  assert.equal(exported.length, sessions.length);
  await open(`/agents/${agent}?from=2026-09-01&to=2026-11-22&q=zzz`);
  assert.equal(await page.getByRole("link", { name: "CSV of Sessions" }).count(), 1);
});

test("activities: hours by activity equal the engine's and add up to all hours", async () => {
  await open(`/activities?${days}`);
  const { rows, total } = await tableOf(page, "activities");
  const expected = await rounded(
    await sql`
    SELECT v.key::text AS key, sum(h.work_seconds) AS seconds FROM timesheet.weekly_hours(${since}, ${until}) AS h
    JOIN timesheet.activity_names AS v ON v.key = coalesce(h.activity_id, 0)
    GROUP BY v.key, v.name HAVING sum(h.work_seconds) > 0 OR sum(h.session_count) > 0 ORDER BY v.key`,
  );
  assert.deepEqual(shown(rows, "hours"), expected);
  await open(`/clients?${days}`);
  assert.equal(hundredths(total.hours), hundredths((await tableOf(page, "clients")).total.hours));
});

test("overview: both weeks, the change and the people equal the engine's", async () => {
  await open(`/?${days}`);
  const { rows, total } = await tableOf(page, "clients");
  const both = (from, to) => sql`
    SELECT h.client_group_id::text AS key,
      coalesce(sum(h.work_seconds) FILTER (WHERE h.workday >= ${from} AND h.workday < ${to}), 0) AS seconds
    FROM timesheet.daily_hours('2026-11-09', ${until}) AS h LEFT JOIN timesheet.client_groups AS g
      USING (client_group_id) GROUP BY h.client_group_id, g.name ORDER BY coalesce(h.client_group_id, 0)`;
  const [thisWeek, lastWeek] = [
    await rounded(await both(since, until)),
    await rounded(await both("2026-11-09", since)),
  ];
  assert.deepEqual(shown(rows, "hours"), thisWeek);
  assert.deepEqual(shown(rows, "previous"), lastWeek);
  for (const row of rows) assert.equal(hundredths(row.change), hundredths(row.hours) - hundredths(row.previous));
  assert.equal(hundredths(await figure(page, "hours")), sum(thisWeek));
  assert.equal(hundredths(total.previous), sum(lastWeek));
  const [people] = await sql`
    SELECT count(DISTINCT h.agent_id)::int AS agents FROM timesheet.daily_hours(${since}, ${until}) AS h
    WHERE h.work_seconds > 0`;
  assert.equal(await figure(page, "agents"), String(people.agents));
  const exported = await csv(`${site.url}/csv?${days}`);
  assert.deepEqual(
    exported.map((row) => hundredths(row.Change)),
    rows.map((row) => hundredths(row.change)),
  );
});

test("overview: who works now goes by the real clock, in the demo too, without sessions not yet begun", async () => {
  const agents = await sql`
    SELECT a.agent_id AS id, a.client_group_id AS client FROM timesheet.agents AS a WHERE a.status = 'Joined'
    ORDER BY a.agent_id LIMIT 2`;
  for (const [n, { id, client }] of agents.entries())
    await sql`
      INSERT INTO timesheet.time_entries (jibble_activity_id, agent_id, client_group_id, start_time_utc, raw_type,
        time_zone, workday, workday_end)
      VALUES (gen_random_uuid(), ${id}, ${client}, now() + ${["-30 minutes", "2 hours"][n]}::interval, 'In', 'UTC',
        (now() AT TIME ZONE 'UTC')::date, now() + interval '12 hours')`;
  try {
    const expected = await sql`
      SELECT s.agent_id::text AS id FROM timesheet.sessions(current_date - 3, current_date + 3) AS s
      JOIN timesheet.agents AS a USING (agent_id) WHERE s.end_reason = 'running' AND s.started_at <= now()
      ORDER BY a.full_name, s.started_at`;
    assert.ok(expected.some((row) => row.id === String(agents[0].id)));
    await open("/");
    assert.deepEqual(
      await page.locator(".working li").evaluateAll((all) => all.map((each) => each.dataset.agent)),
      expected.map((each) => each.id),
    );
    assert.equal(await figure(page, "working"), String(expected.length));
  } finally {
    await sql`DELETE FROM timesheet.time_entries WHERE start_time_utc > now() - interval '31 minutes'`;
    await sql`SELECT timesheet.refresh()`;
  }
});

test("a change that is not refreshed yet is shown", async () => {
  const [entry] = await sql`
    SELECT e.jibble_activity_id AS id, e.agent_id AS agent, e.start_time_utc AS at FROM timesheet.time_entries AS e
    WHERE e.workday = '2026-10-06' AND e.raw_type = 'Out' AND e.deleted_at IS NULL ORDER BY 3 LIMIT 1`;
  await sql`
    UPDATE timesheet.time_entries SET start_time_utc = start_time_utc + interval '36 minutes'
    WHERE jibble_activity_id = ${entry.id}`;
  try {
    await open(`/agents/${entry.agent}?from=2026-10-06&to=2026-10-06`);
    const expected = await rounded(
      await sql`
        SELECT h.workday::text AS key, sum(h.work_seconds) AS seconds
        FROM timesheet.daily_hours('2026-10-06', '2026-10-07', ${entry.agent}) AS h GROUP BY 1`,
    );
    assert.equal(hundredths(await figure(page, "hours")), sum(expected));
  } finally {
    await sql`
      UPDATE timesheet.time_entries SET start_time_utc = start_time_utc - interval '36 minutes'
      WHERE jibble_activity_id = ${entry.id}`;
  }
});

test("weeks and months: a long range is shown by week, then by month, with the same sums", async () => {
  const [{ id }] = await sql`
    SELECT client_group_id AS id FROM timesheet.weekly_hours('2026-09-01', '2026-11-24')
    WHERE client_group_id IS NOT NULL GROUP BY 1 ORDER BY sum(work_seconds) DESC LIMIT 1`;
  for (const [from, word] of [
    ["2026-09-07", "Week"],
    ["2026-01-01", "month"],
  ]) {
    await open(`/clients/${id}?from=${from}&to=2026-11-22`);
    const [engine] = await sql`
      SELECT sum(work_seconds) AS seconds FROM timesheet.daily_hours(${from}, '2026-11-23')
      WHERE client_group_id = ${id}`;
    assert.equal(hundredths(await figure(page, "hours")), Math.round(engine.seconds / 36), word);
    assert.equal(hundredths((await tableOf(page, "agents")).total.hours), Math.round(engine.seconds / 36), word);
  }
});
