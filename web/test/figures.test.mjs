// Each page's figures against the session engine's own functions, which the page does not read.
import assert from "node:assert/strict";
import { test } from "node:test";
import { open, page, site, sql } from "./demo_site.mjs";
import { csv, figure, hundredths, tableOf } from "./world.mjs";

const since = "2026-11-16";
const until = "2026-11-23";
const days = "from=2026-11-16&to=2026-11-22";

/** Cells in hundredths as R12 rounds them, {key: figure}; rows are {key, seconds} by their ids. */
async function rounded(rows) {
  const [row] = await sql`SELECT timesheet.round_hours(string_to_array(${rows.map((r) => r.seconds).join(",")}, ',')::bigint[])::text AS hours`;
  return Object.fromEntries(row.hours.slice(1, -1).split(",").map((hours, n) => [rows[n].key, hundredths(hours)]));
}

function shown(rows, column) {
  return Object.fromEntries(rows.map((row) => [row.key, hundredths(row[column])]));
}

function sum(cells) {
  return Object.values(cells).reduce((total, cell) => total + cell, 0);
}

test("clients: each client's hours, unconfirmed and breaks equal the engine's, and the foot their sums", async () => {
  await open(`/clients?${days}`);
  const { rows, total } = await tableOf(page, "clients");
  for (const [column, seconds] of [["hours", "work_seconds"], ["unconfirmed", "unconfirmed_seconds"], ["breaks", "break_seconds"]]) {
    const expected = await rounded(await sql`
      SELECT g.client_group_id::text AS key, coalesce(sum(h.${sql(seconds)}), 0) AS seconds
      FROM timesheet.client_groups AS g LEFT JOIN timesheet.weekly_hours(${since}, ${until}) AS h USING (client_group_id) GROUP BY g.client_group_id, g.name ORDER BY g.client_group_id`);
    assert.deepEqual(shown(rows, column), expected, column);
    assert.equal(hundredths(total[column]), sum(expected), column);
  }
});

test("clients: the export has the rows and figures of the page, searched and sorted", async () => {
  for (const query of [days, `${days}&q=re&sort=-hours`, `${days}&sort=-name`]) {
    await open(`/clients?${query}`);
    const { rows, total } = await tableOf(page, "clients");
    const exported = await csv(`${site.url}/clients/csv?${query}`);
    assert.deepEqual(exported.map((row) => row.Client), rows.map((row) => row.name));
    assert.deepEqual(exported.map((row) => hundredths(row.Hours)), rows.map((row) => hundredths(row.hours)));
    assert.equal(exported.reduce((all, row) => all + hundredths(row.Hours), 0), hundredths(total.hours));
  }
});

test("clients: a search changes no figure and finds Café by cafe", async () => {
  await open(`/clients?${days}`);
  const all = await tableOf(page, "clients");
  await open(`/clients?${days}&q=cafe`);
  const { rows } = await tableOf(page, "clients");
  assert.deepEqual(rows.map((row) => row.name), ["Café Lumière Catering"]);
  assert.deepEqual(rows[0], all.rows.find((row) => row.name === "Café Lumière Catering"));
});

test("sorting: by a heading's link, both ways, told to screen readers, and kept in the address", async () => {
  await open(`/clients?${days}`);
  await page.getByRole("link", { name: "Hours", exact: true }).click();
  await page.waitForURL(/sort=-hours/);
  let { rows } = await tableOf(page, "clients");
  assert.deepEqual(rows.map((row) => hundredths(row.hours)), rows.map((row) => hundredths(row.hours)).sort((a, b) => b - a));
  assert.equal(await page.locator("th[aria-sort]").getAttribute("aria-sort"), "descending");
  await page.getByRole("columnheader", { name: /Hours/ }).getByRole("link").click();
  await page.waitForURL(/sort=hours/);
  ({ rows } = await tableOf(page, "clients"));
  assert.deepEqual(rows.map((row) => hundredths(row.hours)), rows.map((row) => hundredths(row.hours)).sort((a, b) => a - b));
});

test("client: agents by day equal the engine's; rows, columns and tiles are sums of the cells; activities add up to the same", async () => {
  const clients = await sql`SELECT client_group_id AS id FROM timesheet.weekly_hours(${since}, ${until}) WHERE client_group_id IS NOT NULL GROUP BY 1 ORDER BY count(DISTINCT agent_id) DESC, 1 LIMIT 3`;
  for (const { id } of clients) {
    await open(`/clients/${id}?${days}`);
    const { rows, total } = await tableOf(page, "agents");
    const slots = Array.from({ length: 7 }, (_, n) => `2026-11-${16 + n}`);
    const expected = await rounded(await sql`
      SELECT a.agent_id || ' ' || d.day AS key, coalesce((SELECT sum(h.work_seconds) FROM timesheet.daily_hours(${since}, ${until}) AS h WHERE h.agent_id = a.agent_id AND h.client_group_id = ${id} AND h.workday = d.day), 0) AS seconds
      FROM (SELECT DISTINCT h.agent_id FROM timesheet.daily_hours(${since}, ${until}) AS h WHERE h.client_group_id = ${id}) AS w JOIN timesheet.agents AS a USING (agent_id)
      CROSS JOIN (SELECT ${since}::date + n AS day FROM generate_series(0, 6) AS n) AS d ORDER BY a.agent_id, d.day`);
    const cells = Object.fromEntries(rows.flatMap((row) => slots.map((slot) => [`${row.key} ${slot}`, hundredths(row[slot])])));
    assert.deepEqual(cells, expected);
    for (const row of rows) assert.equal(hundredths(row.hours), slots.reduce((all, slot) => all + hundredths(row[slot]), 0));
    for (const slot of slots) assert.equal(hundredths(total[slot]), rows.reduce((all, row) => all + hundredths(row[slot]), 0));
    assert.equal(hundredths(await figure(page, "hours")), sum(expected));
    const activities = await tableOf(page, "activities");
    assert.equal(hundredths(activities.total.hours), sum(expected));
    const exported = await csv(`${site.url}/clients/${id}/csv?${days}`);
    assert.deepEqual(exported.map((row) => slots.map((slot) => hundredths(row[slot]))), rows.map((row) => slots.map((slot) => hundredths(row[slot]))));
    const ofActivities = await csv(`${site.url}/clients/${id}/csv?${days}&table=activities`);
    assert.equal(ofActivities.reduce((all, row) => all + hundredths(row.Hours), 0), hundredths(activities.total.hours));
  }
});

test("client: its own week is what this week means", async () => {
  const [client] = await sql`SELECT client_group_id AS id FROM timesheet.client_groups WHERE week_starts_on = 7`;
  await open(`/clients/${client.id}`);
  assert.equal(await page.locator("[data-range]").getAttribute("data-range"), "2026-11-22 2026-11-28");
  await open("/clients");
  assert.equal(await page.locator("[data-range]").getAttribute("data-range"), "2026-11-23 2026-11-29");
});

test("agents: hours and days equal the engine's, in the export too", async () => {
  await open(`/agents?${days}`);
  const { rows, total } = await tableOf(page, "agents");
  const expected = await rounded(await sql`
    SELECT a.agent_id::text AS key, coalesce(sum(h.work_seconds), 0) AS seconds
    FROM timesheet.agents AS a LEFT JOIN timesheet.weekly_hours(${since}, ${until}) AS h USING (agent_id)
    GROUP BY a.agent_id, a.full_name HAVING a.status = 'Joined' OR count(h.agent_id) > 0 ORDER BY a.agent_id`);
  assert.deepEqual(shown(rows, "hours"), expected);
  assert.equal(hundredths(total.hours), sum(expected));
  const worked = await sql`SELECT h.agent_id::text AS key, count(DISTINCT h.workday)::int AS days FROM timesheet.daily_hours(${since}, ${until}) AS h WHERE h.work_seconds > 0 OR h.session_count > 0 GROUP BY 1`;
  for (const { key, days: count } of worked) assert.equal(rows.find((row) => row.key === key).days, String(count));
  const exported = await csv(`${site.url}/agents/csv?${days}`);
  assert.deepEqual(exported.map((row) => [row.Agent, hundredths(row.Hours)]), rows.map((row) => [row.name, hundredths(row.hours)]));
});

test("agent: days by both clocks, hours, activities and every session equal the engine's", async () => {
  for (const { agent, name } of await sql`SELECT a.agent_id AS agent, a.full_name AS name FROM timesheet.agents AS a WHERE a.agent_id IN (SELECT s.agent_id FROM timesheet.sessions(${since}, ${until}) AS s) ORDER BY a.time_zone DESC, a.agent_id LIMIT 3`) {
    await open(`/agents/${agent}?${days}`);
    assert.equal(await page.locator("h1").textContent(), name);
    const { rows, total } = await tableOf(page, "days");
    const expected = await rounded(await sql`SELECT h.workday::text AS key, sum(h.work_seconds) AS seconds FROM timesheet.daily_hours(${since}, ${until}, ${agent}) AS h GROUP BY 1 ORDER BY 1`);
    assert.deepEqual(shown(rows, "hours"), expected);
    const clocks = await sql`
      SELECT t.workday::text AS key, coalesce(to_char(t.clock_in AT TIME ZONE t.time_zone, 'HH24:MI'), '–') AS local, coalesce(to_char(t.clock_in AT TIME ZONE g.time_zone, 'HH24:MI'), '–') AS client
      FROM timesheet.attendance AS t JOIN timesheet.client_group_names AS g ON g.key = coalesce(t.client_group_id, 0) WHERE t.agent_id = ${agent} AND t.workday >= ${since} AND t.workday < ${until}`;
    for (const clock of clocks) {
      const row = rows.find((each) => each.key === clock.key);
      assert.deepEqual([row.in.slice(0, 5), row.inClient.slice(0, 5)], [clock.local, clock.client]);
    }
    assert.equal(hundredths((await tableOf(page, "activities")).total.hours), hundredths(total.hours));
    const sessions = await sql`SELECT s.jibble_activity_id::text AS id, s.seconds FROM timesheet.sessions(${since}, ${until}, ${agent}) AS s ORDER BY s.started_at, s.jibble_activity_id`;
    assert.deepEqual((await tableOf(page, "sessions")).rows.map((row) => row.key), sessions.map((session) => session.id));
    assert.equal(await page.locator(".timeline .session").count(), sessions.length);
    const exported = await csv(`${site.url}/agents/${agent}/csv?${days}&table=sessions`);
    assert.deepEqual(exported.map((row) => Number(row.Seconds)), sessions.map((session) => session.seconds));
  }
});

test("agent: a day that two clients shared names both, whoever had the last event", async () => {
  const [{ agent, own }] = await sql`SELECT agent_id AS agent, client_group_id AS own FROM timesheet.agents WHERE client_group_id IS NOT NULL ORDER BY agent_id LIMIT 1`;
  const [{ other }] = await sql`SELECT client_group_id AS other FROM timesheet.client_groups WHERE client_group_id <> ${own} AND name IS NOT NULL ORDER BY client_group_id LIMIT 1`;
  await sql`INSERT INTO timesheet.time_entries (jibble_activity_id, agent_id, client_group_id, start_time_utc, raw_type, time_zone, workday, workday_end)
    SELECT gen_random_uuid(), ${agent}, CASE v.is_own WHEN 1 THEN ${own}::int ELSE ${other}::int END, v.at, v.type, 'UTC', '2025-05-06', '2025-05-07 00:00Z'
    FROM (VALUES ('2025-05-06 08:00Z'::timestamptz, 'In', 1), ('2025-05-06 10:00Z', 'In', 0), ('2025-05-06 13:00Z', 'Out', 1)) AS v (at, type, is_own)`;
  try {
    const [{ names }] = await sql`SELECT string_agg(name, ', ' ORDER BY name) AS names FROM timesheet.client_groups WHERE client_group_id IN (${own}, ${other})`;
    await open(`/agents/${agent}?from=2025-05-06&to=2025-05-06`);
    const { rows } = await tableOf(page, "days");
    assert.deepEqual(rows.map((row) => [row.client, hundredths(row.hours)]), [[names, 500]]);
  } finally {
    await sql`DELETE FROM timesheet.time_entries WHERE workday = '2025-05-06'`;
    await sql`SELECT timesheet.refresh()`;
  }
});

test("agent: of a long range every session is shown, page after page, and a search finds the oldest", async () => {
  const range = ["2026-09-01", "2026-11-23"];
  const [{ agent }] = await sql`SELECT s.agent_id AS agent FROM timesheet.sessions(${range[0]}, ${range[1]}) AS s GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1`;
  const sessions = await sql`SELECT s.jibble_activity_id::text AS id, coalesce(v.name, '') AS activity FROM timesheet.sessions(${range[0]}, ${range[1]}, ${agent}) AS s LEFT JOIN timesheet.activities AS v USING (activity_id) ORDER BY s.started_at, s.jibble_activity_id`;
  assert.ok(sessions.length > 200, String(sessions.length));
  const seen = [];
  for (let part = 1; seen.length < sessions.length && part < 9; part += 1) {
    await open(`/agents/${agent}?from=2026-09-01&to=2026-11-22&page=${part}`);
    seen.push(...(await tableOf(page, "sessions")).rows.map((row) => row.key));
    assert.match(await page.locator("#sessions-title").textContent(), new RegExp(` to ${seen.length} of ${sessions.length}$`));
  }
  assert.deepEqual(seen, sessions.map((row) => row.id));
  assert.equal(await page.getByRole("link", { name: "Next page" }).count(), 0);
  const [first] = await sql`SELECT s.workday::text AS day FROM timesheet.sessions(${range[0]}, ${range[1]}, ${agent}) AS s ORDER BY s.started_at LIMIT 1`;
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
  const expected = await rounded(await sql`
    SELECT v.key::text AS key, sum(h.work_seconds) AS seconds FROM timesheet.weekly_hours(${since}, ${until}) AS h JOIN timesheet.activity_names AS v ON v.key = coalesce(h.activity_id, 0)
    GROUP BY v.key, v.name HAVING sum(h.work_seconds) > 0 OR sum(h.session_count) > 0 ORDER BY v.key`);
  assert.deepEqual(shown(rows, "hours"), expected);
  await open(`/clients?${days}`);
  assert.equal(hundredths(total.hours), hundredths((await tableOf(page, "clients")).total.hours));
});

test("overview: both weeks, the change and the people equal the engine's", async () => {
  await open(`/?${days}`);
  const { rows, total } = await tableOf(page, "clients");
  const both = (from, to) => sql`
    SELECT h.client_group_id::text AS key, coalesce(sum(h.work_seconds) FILTER (WHERE h.workday >= ${from} AND h.workday < ${to}), 0) AS seconds
    FROM timesheet.daily_hours('2026-11-09', ${until}) AS h LEFT JOIN timesheet.client_groups AS g USING (client_group_id) GROUP BY h.client_group_id, g.name ORDER BY coalesce(h.client_group_id, 0)`;
  const [thisWeek, lastWeek] = [await rounded(await both(since, until)), await rounded(await both("2026-11-09", since))];
  assert.deepEqual(shown(rows, "hours"), thisWeek);
  assert.deepEqual(shown(rows, "previous"), lastWeek);
  for (const row of rows) assert.equal(hundredths(row.change), hundredths(row.hours) - hundredths(row.previous));
  assert.equal(hundredths(await figure(page, "hours")), sum(thisWeek));
  assert.equal(hundredths(total.previous), sum(lastWeek));
  const [people] = await sql`SELECT count(DISTINCT h.agent_id)::int AS agents FROM timesheet.daily_hours(${since}, ${until}) AS h WHERE h.work_seconds > 0`;
  assert.equal(await figure(page, "agents"), String(people.agents));
  const exported = await csv(`${site.url}/csv?${days}`);
  assert.deepEqual(exported.map((row) => hundredths(row.Change)), rows.map((row) => hundredths(row.change)));
});

test("overview: who works now is told by the real clock in the demo too, and leaves out what is yet to begin", async () => {
  const agents = await sql`SELECT a.agent_id AS id, a.client_group_id AS client FROM timesheet.agents AS a WHERE a.status = 'Joined' ORDER BY a.agent_id LIMIT 2`;
  for (const [n, { id, client }] of agents.entries())
    await sql`INSERT INTO timesheet.time_entries (jibble_activity_id, agent_id, client_group_id, start_time_utc, raw_type, time_zone, workday, workday_end)
      VALUES (gen_random_uuid(), ${id}, ${client}, now() + ${["-30 minutes", "2 hours"][n]}::interval, 'In', 'UTC', (now() AT TIME ZONE 'UTC')::date, now() + interval '12 hours')`;
  try {
    const expected = await sql`SELECT s.agent_id::text AS id FROM timesheet.sessions(current_date - 3, current_date + 3) AS s JOIN timesheet.agents AS a USING (agent_id) WHERE s.end_reason = 'running' AND s.started_at <= now() ORDER BY a.full_name, s.started_at`;
    assert.ok(expected.some((row) => row.id === String(agents[0].id)));
    await open("/");
    assert.deepEqual(await page.locator(".working li").evaluateAll((all) => all.map((each) => each.dataset.agent)), expected.map((each) => each.id));
    assert.equal(await figure(page, "working"), String(expected.length));
  } finally {
    await sql`DELETE FROM timesheet.time_entries WHERE start_time_utc > now() - interval '31 minutes'`;
    await sql`SELECT timesheet.refresh()`;
  }
});

test("entries: page after page shows each entry once, in order; the export has them all, and the engine's seconds", async () => {
  const expected = (await sql`SELECT e.jibble_activity_id::text AS id FROM timesheet.time_entries AS e WHERE e.workday BETWEEN '2026-11-21' AND '2026-11-22' ORDER BY e.start_time_utc DESC, e.jibble_activity_id DESC`).map((row) => row.id);
  assert.ok(expected.length > 60);
  await open("/entries?from=2026-11-21&to=2026-11-22");
  const seen = [];
  for (;;) {
    seen.push(...(await tableOf(page, "entries")).rows.map((row) => row.key));
    const next = page.getByRole("link", { name: /^Next/ });
    if ((await next.count()) === 0) break;
    const last = seen.at(-1);
    await next.click();
    await page.waitForURL((url) => url.searchParams.get("after")?.endsWith(last));
    await page.waitForFunction((id) => !document.querySelector(`[data-row="${id}"]`), last);
  }
  assert.deepEqual(seen, expected);
  const exported = await csv(`${site.url}/entries/csv?from=2026-11-21&to=2026-11-22`);
  assert.deepEqual(exported.map((row) => row["Jibble id"]), expected);
  const [engine] = await sql`SELECT sum(s.seconds) AS seconds FROM timesheet.sessions('2026-11-21', '2026-11-23') AS s`;
  assert.equal(exported.reduce((all, row) => all + Number(row.Seconds), 0), engine.seconds);
});

test("entries: the export of many batches has every entry once", async () => {
  const exported = await csv(`${site.url}/entries/csv?from=2026-09-01&to=2026-11-24`);
  const [all] = await sql`SELECT count(*) AS entries FROM timesheet.time_entries WHERE workday BETWEEN '2026-09-01' AND '2026-11-24'`;
  assert.ok(all.entries > 10_000);
  assert.equal(exported.length, all.entries);
  assert.equal(new Set(exported.map((row) => row["Jibble id"])).size, all.entries);
});

test("entries: filters are those of SQL, and an address holds them", async () => {
  const [{ agent, activity }] = await sql`SELECT e.agent_id AS agent, e.activity_id AS activity FROM timesheet.time_entries AS e WHERE e.workday = '2026-11-17' AND e.activity_id IS NOT NULL LIMIT 1`;
  await open(`/entries?${days}`);
  await page.getByLabel("Agent").selectOption(String(agent));
  await page.getByLabel("Activity").selectOption(String(activity));
  await page.getByRole("button", { name: "Filter" }).click();
  await page.waitForURL(/activity=/);
  const expected = await sql`SELECT e.jibble_activity_id::text AS id FROM timesheet.time_entries AS e WHERE e.workday BETWEEN '2026-11-16' AND '2026-11-22' AND e.agent_id = ${agent} AND e.activity_id = ${activity} ORDER BY e.start_time_utc DESC, e.jibble_activity_id DESC`;
  assert.deepEqual((await tableOf(page, "entries")).rows.map((row) => row.key), expected.map((row) => row.id));
  await page.reload();
  assert.deepEqual((await tableOf(page, "entries")).rows.map((row) => row.key), expected.map((row) => row.id));
});

test("a search is the same everywhere: every word, accents and case aside, in tables, entries, digests and runs", async () => {
  const [{ id }] = await sql`SELECT client_group_id AS id FROM timesheet.client_groups WHERE name = 'Café Lumière Catering'`;
  const [{ entries }] = await sql`SELECT count(*)::int AS entries FROM timesheet.time_entries WHERE client_group_id = ${id} AND workday BETWEEN '2026-11-16' AND '2026-11-22'`;
  assert.ok(entries > 0);
  for (const q of ["CAFE lumiere", "catering  café"]) {
    const exported = await csv(`${site.url}/entries/csv?${days}&q=${encodeURIComponent(q)}`);
    assert.deepEqual([exported.length, new Set(exported.map((row) => row.Client)).size], [entries, 1], q);
  }
  assert.equal((await csv(`${site.url}/entries/csv?${days}&q=cafe+zzz`)).length, 0);
  const [{ digests }] = await sql`SELECT count(*)::int AS digests FROM timesheet.digests WHERE title = 'Café Lumière Catering'`;
  assert.ok(digests > 0);
  assert.equal((await csv(`${site.url}/digests/csv?from=2026-01-01&to=2026-12-31&q=catering+cafe`)).length, digests);
  const [{ runs }] = await sql`SELECT count(*)::int AS runs FROM timesheet.ingest_runs WHERE command = 'nightly'`;
  assert.equal((await csv(`${site.url}/health/csv?from=2026-01-01&to=2026-12-31&q=NIGHTLY`)).length, runs);
});

test("entry: every version is shown as it was received, with what changed marked", async () => {
  const [entry] = await sql`SELECT r.jibble_id::text AS id, array_agg(r.payload::text ORDER BY r.raw_event_id) AS payloads FROM timesheet.raw_events AS r JOIN timesheet.time_entries AS e ON e.jibble_activity_id = r.jibble_id WHERE r.resource = 'TimeEntries' AND r.payload IS NOT NULL GROUP BY r.jibble_id HAVING count(*) > 1 ORDER BY 1 LIMIT 1`;
  await open(`/entries/${entry.id}`);
  const shownPayloads = await page.locator(".versions pre").evaluateAll((all) => all.map((each) => each.textContent));
  const bare = (text) => text.replace(/("(?:[^"\\]|\\.)*")|\s+/g, (_, string) => string ?? "");
  assert.deepEqual(shownPayloads.map(bare), entry.payloads.map(bare));
  assert.ok((await page.locator(".versions mark").count()) > 0);
});

test("day: what explain() says is what the day's page says", async () => {
  const [{ agent }] = await sql`SELECT s.agent_id AS agent FROM timesheet.sessions('2026-11-17', '2026-11-18') AS s GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1`;
  const expected = await sql`SELECT x.part, x.what FROM timesheet.explain('2026-11-17', ${agent}) AS x`;
  await open(`/agents/${agent}/2026-11-17`);
  for (const part of ["hours", "session", "event", "run"]) {
    const said = await page.locator(`section[aria-labelledby="part-${part}"] li > strong`).allTextContents();
    assert.deepEqual(said, expected.filter((row) => row.part === part).map((row) => row.what), part);
  }
  assert.equal(await page.locator(".versions pre").count(), expected.filter((row) => row.part === "version").length);
});

test("health: the feed, the ledger and what waits equal SQL", async () => {
  const [feed] = await sql`SELECT * FROM timesheet.feed_health`;
  const today = new Date().toISOString().slice(0, 10);
  await open(`/health?from=${today}&to=${today}`);
  assert.equal(await figure(page, "feed"), feed.is_stale === false ? "Fresh" : "Stale");
  assert.equal(await figure(page, "backlog"), String(feed.backlog));
  const [ledger] = await sql`SELECT count(*)::int AS runs, sum(rows) AS rows, sum(new) AS new FROM timesheet.ingest_runs`;
  const { rows, total } = await tableOf(page, "runs");
  assert.equal(rows.length, ledger.runs);
  assert.equal(Number(total.rows.replaceAll(",", "")), ledger.rows);
  const exported = await csv(`${site.url}/health/csv?from=${today}&to=${today}`);
  assert.equal(exported.reduce((all, row) => all + Number(row.New), 0), ledger.new);
});

test("health: it says when hours were last audited, of which days, and how many differ", async () => {
  await sql`TRUNCATE timesheet.audits, timesheet.audit_findings`;
  await open("/health");
  assert.equal(await figure(page, "audit"), "Never audited");
  const people = await sql`SELECT agent_id AS id, full_name AS name FROM timesheet.agents ORDER BY agent_id LIMIT 4`;
  await sql`INSERT INTO timesheet.audits (audited_at, since, until, people, agent_days) VALUES ('2026-11-20 00:00Z', '2026-11-02', '2026-11-08', 40, 280), ('2026-11-23 03:05Z', '2026-11-16', '2026-11-22', 40, 280)`;
  const finding = (person, day, kind, jibble) => sql`INSERT INTO timesheet.audit_findings (agent_id, day, our_seconds, jibble_seconds, kind, detail) VALUES (${person.id}, ${day}, 30600, ${jibble}, ${kind}, ${`why ${kind}`})`;
  try {
    await finding(people[0], "2026-11-17", "differs", 27000);
    await finding(people[1], "2026-11-22", "differs", 0);
    await finding(people[1], "2026-11-15", "differs", 0);
    await finding(people[2], "2026-11-16", "incomplete", 0);
    await finding(people[2], "2026-11-18", "across_midnight", 0);
    await finding(people[3], "2026-11-19", "refused", null);
    await open("/health");
    assert.equal(await figure(page, "audit"), "2");
    const tile = await page.locator(".tile", { has: page.locator('[data-figure="audit"]') }).innerText();
    assert.match(tile, /16 – 22 Nov 2026, audited 2026-11-23 03:05 UTC; 1 could not be compared/);
    const shown = await page.locator('section[aria-labelledby="audit"] li').allInnerTexts();
    assert.equal(shown.length, 3);
    for (const [at, name, figures] of [[0, people[0].name, "ours 8:30:00, Jibble's 7:30:00 · why differs"], [1, people[1].name, "ours 8:30:00, Jibble's 0:00:00 · why differs"], [2, people[3].name, "ours 8:30:00 · why refused"]])
      assert.ok(shown[at].includes(name) && shown[at].includes(figures), shown[at]);
    assert.equal(await page.locator('section[aria-labelledby="audit"] a').first().getAttribute("href"), `/agents/${people[0].id}/2026-11-17`);
  } finally {
    await sql`TRUNCATE timesheet.audits, timesheet.audit_findings`;
  }
});

/** A tile's figure, whether it is marked as bad, and its whole text. */
async function tile(id) {
  const found = page.locator(".tile", { has: page.locator(`[data-figure="${id}"]`) });
  return { figure: await figure(page, id), isBad: await found.locator(".bad").count() > 0, text: (await found.innerText()).replaceAll(/\s+/g, " ") };
}

test("health: deletions that are held back are counted, with what to do", async () => {
  await open("/health");
  const none = await tile("deletions-held");
  assert.deepEqual([none.figure, none.isBad], ["0", false]);
  assert.match(none.text, /entries that Jibble no longer shows and that still count$/);
  const held = await sql`
    INSERT INTO timesheet.held_deletions (resource, jibble_id, person_id, reason)
    SELECT 'TimeEntries', e.jibble_activity_id, a.jibble_id, 'person_deleted' FROM timesheet.time_entries AS e JOIN timesheet.agents AS a USING (agent_id) ORDER BY e.jibble_activity_id LIMIT 3 RETURNING jibble_id`;
  try {
    // A person's own deletion that is held back is no entry.
    await sql`INSERT INTO timesheet.held_deletions (resource, jibble_id, reason) SELECT 'People', a.jibble_id, 'nothing_listed' FROM timesheet.agents AS a ORDER BY a.agent_id LIMIT 1`;
    await open("/health");
    const some = await tile("deletions-held");
    assert.deepEqual([some.figure, some.isBad], [String(held.length), true]);
    assert.match(some.text, /still count; see Alerts for why, and for the command that deletes them once you are sure$/);
  } finally {
    await sql`DELETE FROM timesheet.held_deletions`;
  }
  await open("/health");
  assert.equal((await tile("deletions-held")).figure, "0");
});

test("health: work that went on after a break without an activity is counted, with what to do", async () => {
  // By hand: each agent's live entries in order, as they came.
  const entries = await sql`
    SELECT e.agent_id AS agent, extract(epoch FROM e.start_time_utc)::float8 AS at, e.raw_type AS type, e.activity_id AS activity
    FROM timesheet.time_entries AS e WHERE e.deleted_at IS NULL AND e.raw_type IN ('In', 'Out', 'StartBreak') ORDER BY e.agent_id, e.start_time_utc, array_position('{Out,StartBreak,In}', e.raw_type), e.jibble_activity_id`;
  const last = new Map(entries.map((entry) => [entry.agent, entry.at]));
  const recent = entries.filter((entry) => entry.at > last.get(entry.agent) - 35 * 86400);
  const expected = recent.filter((entry, n) => entry.type === "In" && entry.activity === null && recent[n - 1]?.type === "StartBreak" && recent[n - 1].agent === entry.agent).length;
  assert.ok(expected > 10, `${expected} entries`);
  await open("/health");
  const some = await tile("without-activity");
  assert.deepEqual([some.figure.replaceAll(",", ""), some.isBad], [String(expected), false]);
  assert.match(some.text, /without an activity, in each agent's last 35 days; to count them for the activity before the break, set activity_after_break to carried_on in timesheet.settings$/);
  await sql`UPDATE timesheet.time_entries SET deleted_at = now() WHERE deleted_at IS NULL AND raw_type = 'StartBreak'`;
  try {
    await open("/health");
    const none = await tile("without-activity");
    assert.equal(none.figure, "0");
    assert.match(none.text, /in each agent's last 35 days$/);
  } finally {
    await sql`UPDATE timesheet.time_entries SET deleted_at = NULL WHERE raw_type = 'StartBreak' AND jibble_activity_id IN (SELECT r.jibble_id FROM timesheet.raw_events AS r WHERE r.resource = 'TimeEntries' AND r.payload ->> 'status' <> 'Archived')`;
    await sql`SELECT timesheet.refresh()`;
  }
});

test("health: of more runs than a page shows, the foot and the export have the sums of all, whatever the order", async () => {
  await sql`INSERT INTO timesheet.ingest_runs (command, since, until, status, started_at, finished_at, pages, rows, new)
    SELECT 'sync', '2025-05-01', '2025-05-02', 'succeeded', '2025-05-01 00:00Z'::timestamptz + n * interval '5 minutes', '2025-05-01 00:01Z'::timestamptz + n * interval '5 minutes', 1, n, n % 7 FROM generate_series(1, 130) AS n`;
  try {
    const seen = [];
    for (const part of [1, 2, 3]) {
      await open(`/health?from=2025-05-01&to=2025-05-01&sort=-rows&page=${part}`);
      const { rows, total } = await tableOf(page, "runs");
      seen.push(...rows.map((row) => Number(row.rows)));
      assert.equal(total.rows, "8,515"); // 1 + … + 130
    }
    assert.deepEqual(seen, Array.from({ length: 130 }, (_, n) => 130 - n));
    const exported = await csv(`${site.url}/health/csv?from=2025-05-01&to=2025-05-01`);
    assert.equal(exported.reduce((all, row) => all + Number(row.Objects), 0), 8515);
  } finally {
    await sql`DELETE FROM timesheet.ingest_runs WHERE since = '2025-05-01'`;
  }
});

test("a change that no refresh has stored shows at once", async () => {
  const [entry] = await sql`SELECT e.jibble_activity_id AS id, e.agent_id AS agent, e.start_time_utc AS at FROM timesheet.time_entries AS e WHERE e.workday = '2026-10-06' AND e.raw_type = 'Out' AND e.deleted_at IS NULL ORDER BY 3 LIMIT 1`;
  await sql`UPDATE timesheet.time_entries SET start_time_utc = start_time_utc + interval '36 minutes' WHERE jibble_activity_id = ${entry.id}`;
  try {
    await open(`/agents/${entry.agent}?from=2026-10-06&to=2026-10-06`);
    const expected = await rounded(await sql`SELECT h.workday::text AS key, sum(h.work_seconds) AS seconds FROM timesheet.daily_hours('2026-10-06', '2026-10-07', ${entry.agent}) AS h GROUP BY 1`);
    assert.equal(hundredths(await figure(page, "hours")), sum(expected));
  } finally {
    await sql`UPDATE timesheet.time_entries SET start_time_utc = start_time_utc - interval '36 minutes' WHERE jibble_activity_id = ${entry.id}`;
  }
});

test("weeks and months: a long range is shown by week, then by month, with the same sums", async () => {
  const [{ id }] = await sql`SELECT client_group_id AS id FROM timesheet.weekly_hours('2026-09-01', '2026-11-24') WHERE client_group_id IS NOT NULL GROUP BY 1 ORDER BY sum(work_seconds) DESC LIMIT 1`;
  for (const [from, word] of [["2026-09-07", "Week"], ["2026-01-01", "month"]]) {
    await open(`/clients/${id}?from=${from}&to=2026-11-22`);
    const [engine] = await sql`SELECT sum(work_seconds) AS seconds FROM timesheet.daily_hours(${from}, '2026-11-23') WHERE client_group_id = ${id}`;
    assert.equal(hundredths(await figure(page, "hours")), Math.round(engine.seconds / 36), word);
    assert.equal(hundredths((await tableOf(page, "agents")).total.hours), Math.round(engine.seconds / 36), word);
  }
});
