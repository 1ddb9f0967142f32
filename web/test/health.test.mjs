// Health: the feed, the run log, audits and what waits, against SQL.
import assert from "node:assert/strict";
import { test } from "node:test";
import { open, page, site, sql } from "./demo_site.mjs";
import { csv, docsUrl, figure, tableOf } from "./world.mjs";

test("times for the whole office are in its zone, which is named, and so are its days", async () => {
  const [{ before }] = await sql`SELECT default_time_zone AS before FROM timesheet.settings`;
  // 23:30 in UTC is half past seven the next morning in Manila.
  await sql`
    INSERT INTO timesheet.ingest_runs (command, since, until, status, started_at, finished_at, pages, rows, new)
      VALUES ('sync', '2025-02-01', '2025-02-02', 'succeeded', '2025-02-03 23:30Z', '2025-02-03 23:31Z', 1, 1, 0)`;
  await sql`UPDATE timesheet.settings SET default_time_zone = 'Asia/Manila'`;
  try {
    await open("/health?from=2025-02-04&to=2025-02-04");
    const { rows } = await tableOf(page, "runs");
    assert.deepEqual(
      rows.map((row) => row.startedAt),
      ["4 Feb 2025, 07:30"],
    );
    assert.match(await page.locator("table[data-table=runs] thead").textContent(), /Started \(Asia\/Manila\)/);
    assert.deepEqual(
      (await csv(`${site.url}/health/csv?from=2025-02-04&to=2025-02-04`)).map((row) => row["Started (Asia/Manila)"]),
      ["2025-02-04 07:30"],
    );
    await open("/health?from=2025-02-03&to=2025-02-03");
    assert.equal(await page.locator("table[data-table=runs]").count(), 0);
    await open("/digests?from=2026-11-16&to=2026-11-29");
    const sent = (await tableOf(page, "digests")).rows.find((row) => row.state === "sent");
    const [{ queued, accepted }] = await sql`
      SELECT to_char(created_at AT TIME ZONE 'Asia/Manila', 'FMDD Mon YYYY, HH24:MI') AS queued,
        to_char(sent_at AT TIME ZONE 'Asia/Manila', 'FMDD Mon YYYY, HH24:MI') AS accepted
        FROM timesheet.digest_deliveries WHERE delivery_id = ${sent.key}`;
    assert.deepEqual(
      [sent.queuedAt, sent.happened.includes(`accepted it at ${accepted} (Asia/Manila)`)],
      [queued, true],
    );
  } finally {
    await sql`UPDATE timesheet.settings SET default_time_zone = ${before}`;
    await sql`DELETE FROM timesheet.ingest_runs WHERE since = '2025-02-01'`;
    await sql`SELECT timesheet.refresh()`;
  }
});

test("health: the feed, the run log and the backlog equal SQL", async () => {
  const [feed] = await sql`SELECT * FROM timesheet.feed_health`;
  const today = new Date().toISOString().slice(0, 10);
  await open(`/health?from=${today}&to=${today}`);
  assert.equal(await figure(page, "feed"), feed.is_stale === false ? "Up to date" : "Out of date");
  assert.equal(await figure(page, "backlog"), String(feed.backlog));
  const [log] = await sql`SELECT count(*)::int AS runs, sum(rows) AS rows, sum(new) AS new FROM timesheet.ingest_runs`;
  const { rows, total } = await tableOf(page, "runs");
  assert.equal(rows.length, log.runs);
  assert.equal(Number(total.rows.replaceAll(",", "")), log.rows);
  const exported = await csv(`${site.url}/health/csv?from=${today}&to=${today}`);
  assert.equal(
    exported.reduce((all, row) => all + Number(row.New), 0),
    log.new,
  );
});

test("health and digests: the records to correct in Airtable, each with what to do", async () => {
  const shown = async (path) => {
    await open(path);
    const items = await page.locator("section[aria-labelledby=contact-problems] li").allInnerTexts();
    return items.map((text) => text.replaceAll(/\s+/g, " ").trim());
  };
  const stored = await sql`
    SELECT concat_ws(' ', coalesce(record_id, 'no record'), problem,
        CASE WHEN value <> '' THEN value || ' ·' END,
        to_char(noticed_at AT TIME ZONE 'UTC', 'FMDD Mon YYYY, HH24:MI') || ' (UTC)') AS text
      FROM timesheet.contact_problems ORDER BY contact_problem_id`;
  assert.ok(stored.length > 0);
  await sql`
    INSERT INTO timesheet.contact_problems (record_id, value, problem, noticed_at)
      VALUES ('added7', '0f3a9c52-77d1-4e08-b2f6-5d1c8a904e3b', 'Jibble has archived the client group "Acme <Care>"',
        '2026-11-20 09:30Z')`;
  const added =
    'added7 Jibble has archived the client group "Acme <Care>" 0f3a9c52-77d1-4e08-b2f6-5d1c8a904e3b · ' +
    "20 Nov 2026, 09:30 (UTC)";
  try {
    for (const [path, tile] of [
      ["/health", "contacts"],
      ["/digests", "problems"],
    ]) {
      assert.deepEqual(await shown(path), [...stored.map((row) => row.text), added], path);
      assert.equal(await figure(page, tile), String(stored.length + 1), path);
    }
    await sql`
      INSERT INTO timesheet.contact_problems (record_id, problem)
        SELECT 'added', 'x' FROM generate_series(1, 60)`;
    assert.equal((await shown("/health")).length, 50);
    assert.match(
      await page.locator("section[aria-labelledby=contact-problems]").innerText(),
      new RegExp(`the first 50 of ${stored.length + 61}`),
    );
  } finally {
    await sql`DELETE FROM timesheet.contact_problems WHERE record_id LIKE 'added%'`;
  }
});

test("health: when hours were last audited, which days, and how many differ", async () => {
  await sql`TRUNCATE timesheet.audits, timesheet.audit_findings`;
  await open("/health");
  assert.equal(await figure(page, "audit"), "Never audited");
  const people = await sql`SELECT agent_id AS id, full_name AS name FROM timesheet.agents ORDER BY agent_id LIMIT 4`;
  await sql`
    INSERT INTO timesheet.audits (audited_at, since, until, people, agent_days)
      VALUES ('2026-11-20 00:00Z', '2026-11-02', '2026-11-08', 40, 280),
        ('2026-11-23 03:05Z', '2026-11-16', '2026-11-22', 40, 280)`;
  const finding = (person, day, kind, jibble) =>
    sql`
      INSERT INTO timesheet.audit_findings (agent_id, day, our_seconds, jibble_seconds, kind, detail)
        VALUES (${person.id}, ${day}, 30600, ${jibble}, ${kind}, ${`why ${kind}`})`;
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
    assert.match(tile, /16 – 22 Nov 2026, audited 23 Nov 2026, 03:05 \(UTC\); 1 could not be compared/);
    const shown = await page.locator('section[aria-labelledby="audit"] li').allInnerTexts();
    assert.equal(shown.length, 3);
    for (const [at, name, figures] of [
      [0, people[0].name, "ours 8:30:00, Jibble's 7:30:00 · why differs"],
      [1, people[1].name, "ours 8:30:00, Jibble's 0:00:00 · why differs"],
      [2, people[3].name, "ours 8:30:00 · why refused"],
    ])
      assert.ok(shown[at].includes(name) && shown[at].includes(figures), shown[at]);
    assert.equal(
      await page.locator('section[aria-labelledby="audit"] a').first().getAttribute("href"),
      `/agents/${people[0].id}/2026-11-17`,
    );
  } finally {
    await sql`TRUNCATE timesheet.audits, timesheet.audit_findings`;
  }
});

/** A tile's figure, whether it is marked as bad, and its whole text. */
async function tile(id) {
  const found = page.locator(".tile", { has: page.locator(`[data-figure="${id}"]`) });
  return {
    figure: await figure(page, id),
    isBad: (await found.locator(".bad").count()) > 0,
    text: (await found.innerText()).replaceAll(/\s+/g, " "),
  };
}

test("health: deletions that are held back are counted, with the remedy", async () => {
  await open("/health");
  const none = await tile("deletions-held");
  assert.deepEqual([none.figure, none.isBad], ["0", false]);
  assert.match(none.text, /entries that Jibble no longer has and that still count$/);
  const held = await sql`
    INSERT INTO timesheet.held_deletions (resource, jibble_id, person_id, reason)
    SELECT 'TimeEntries', e.jibble_activity_id, a.jibble_id, 'person_deleted' FROM timesheet.time_entries AS e
    JOIN timesheet.agents AS a USING (agent_id) ORDER BY e.jibble_activity_id LIMIT 3 RETURNING jibble_id`;
  try {
    // A held deletion of a person is not an entry.
    await sql`
      INSERT INTO timesheet.held_deletions (resource, jibble_id, reason) SELECT 'People', a.jibble_id, 'nothing_listed'
      FROM timesheet.agents AS a ORDER BY a.agent_id LIMIT 1`;
    await open("/health");
    const some = await tile("deletions-held");
    assert.deepEqual([some.figure, some.isBad], [String(held.length), true]);
    assert.match(
      some.text,
      /still count; see Alerts for why, and for the command that deletes them once you are sure$/,
    );
  } finally {
    await sql`DELETE FROM timesheet.held_deletions`;
  }
  await open("/health");
  assert.equal((await tile("deletions-held")).figure, "0");
});

test("health: work that continued after a break without an activity is counted, with the remedy", async () => {
  // By hand: each agent's live entries in order, as they came.
  const entries = await sql`
    SELECT e.agent_id AS agent, extract(epoch FROM e.start_time_utc)::float8 AS at, e.raw_type AS type,
      e.activity_id AS activity
    FROM timesheet.time_entries AS e WHERE e.deleted_at IS NULL AND e.raw_type IN ('In', 'Out', 'StartBreak')
    ORDER BY e.agent_id, e.start_time_utc, array_position('{Out,StartBreak,In}', e.raw_type), e.jibble_activity_id`;
  const last = new Map(entries.map((entry) => [entry.agent, entry.at]));
  const recent = entries.filter((entry) => entry.at > last.get(entry.agent) - 35 * 86400);
  const expected = recent.filter(
    (entry, n) =>
      entry.type === "In" &&
      entry.activity === null &&
      recent[n - 1]?.type === "StartBreak" &&
      recent[n - 1].agent === entry.agent,
  ).length;
  assert.ok(expected > 10, `${expected} entries`);
  await open("/health");
  const some = await tile("without-activity");
  assert.deepEqual([some.figure.replaceAll(",", ""), some.isBad], [String(expected), false]);
  assert.match(
    some.text,
    new RegExp(
      "without an activity, in each agent's last 35 days; a setting can count them for the activity before the " +
        "break: work after a break$",
    ),
  );
  assert.equal(
    await page
      .locator(".tile", { has: page.locator('[data-figure="without-activity"]') })
      .getByRole("link")
      .getAttribute("href"),
    `${docsUrl}/operations.md#work-after-a-break`,
  );
  await sql`UPDATE timesheet.time_entries SET deleted_at = now() WHERE deleted_at IS NULL AND raw_type = 'StartBreak'`;
  try {
    await open("/health");
    const none = await tile("without-activity");
    assert.equal(none.figure, "0");
    assert.match(none.text, /in each agent's last 35 days$/);
  } finally {
    await sql`
      UPDATE timesheet.time_entries SET deleted_at = NULL WHERE raw_type = 'StartBreak'
        AND jibble_activity_id IN (SELECT r.jibble_id FROM timesheet.raw_events AS r
          WHERE r.resource = 'TimeEntries' AND r.payload ->> 'status' <> 'Archived')`;
    await sql`SELECT timesheet.refresh()`;
  }
});

test("health: with more runs than a page shows, footer and export have the sums of all, in any order", async () => {
  await sql`INSERT INTO timesheet.ingest_runs (command, since, until, status, started_at, finished_at, pages, rows, new)
    SELECT 'sync', '2025-05-01', '2025-05-02', 'succeeded', '2025-05-01 00:00Z'::timestamptz + n * interval '5 minutes',
      '2025-05-01 00:01Z'::timestamptz + n * interval '5 minutes', 1, n, n % 7 FROM generate_series(1, 130) AS n`;
  try {
    const seen = [];
    for (const part of [1, 2, 3]) {
      await open(`/health?from=2025-05-01&to=2025-05-01&sort=-rows&page=${part}`);
      const { rows, total } = await tableOf(page, "runs");
      seen.push(...rows.map((row) => Number(row.rows)));
      assert.equal(total.rows, "8,515"); // 1 + … + 130
    }
    assert.deepEqual(
      seen,
      Array.from({ length: 130 }, (_, n) => 130 - n),
    );
    const exported = await csv(`${site.url}/health/csv?from=2025-05-01&to=2025-05-01`);
    assert.equal(
      exported.reduce((all, row) => all + Number(row.Rows), 0),
      8515,
    );
  } finally {
    await sql`DELETE FROM timesheet.ingest_runs WHERE since = '2025-05-01'`;
  }
});
