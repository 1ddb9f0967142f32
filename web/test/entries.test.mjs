// Entries, and the search that all lists share, against SQL.
import assert from "node:assert/strict";
import { test } from "node:test";
import { open, page, site, sql } from "./demo_site.mjs";
import { csv, tableOf } from "./world.mjs";

const days = "from=2026-11-16&to=2026-11-22";

test("entries: page by page each appears once, in order; the export has all, with the engine's seconds", async () => {
  const expected = (
    await sql`
      SELECT e.jibble_activity_id::text AS id FROM timesheet.time_entries AS e
      WHERE e.workday BETWEEN '2026-11-21' AND '2026-11-22' ORDER BY e.start_time_utc DESC, e.jibble_activity_id DESC`
  ).map((row) => row.id);
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
  assert.deepEqual(
    exported.map((row) => row["Jibble id"]),
    expected,
  );
  const [engine] = await sql`SELECT sum(s.seconds) AS seconds FROM timesheet.sessions('2026-11-21', '2026-11-23') AS s`;
  assert.equal(
    exported.reduce((all, row) => all + Number(row.Seconds), 0),
    engine.seconds,
  );
});

test("entries: the export of many batches has every entry once", async () => {
  const exported = await csv(`${site.url}/entries/csv?from=2026-09-01&to=2026-11-24`);
  const [all] = await sql`
    SELECT count(*) AS entries FROM timesheet.time_entries WHERE workday BETWEEN '2026-09-01' AND '2026-11-24'`;
  assert.ok(all.entries > 10_000);
  assert.equal(exported.length, all.entries);
  assert.equal(new Set(exported.map((row) => row["Jibble id"])).size, all.entries);
});

test("entries: filters equal SQL's, and the address keeps them", async () => {
  const [{ agent, activity }] = await sql`
    SELECT e.agent_id AS agent, e.activity_id AS activity FROM timesheet.time_entries AS e
    WHERE e.workday = '2026-11-17' AND e.activity_id IS NOT NULL LIMIT 1`;
  await open(`/entries?${days}`);
  await page.locator("select[name=agent]").selectOption(String(agent));
  await page.locator("select[name=activity]").selectOption(String(activity));
  await page.getByRole("button", { name: "Filter" }).click();
  await page.waitForURL(/activity=/);
  const expected = await sql`
    SELECT e.jibble_activity_id::text AS id FROM timesheet.time_entries AS e
    WHERE e.workday BETWEEN '2026-11-16' AND '2026-11-22' AND e.agent_id = ${agent} AND e.activity_id = ${activity}
    ORDER BY e.start_time_utc DESC, e.jibble_activity_id DESC`;
  assert.deepEqual(
    (await tableOf(page, "entries")).rows.map((row) => row.key),
    expected.map((row) => row.id),
  );
  await page.reload();
  assert.deepEqual(
    (await tableOf(page, "entries")).rows.map((row) => row.key),
    expected.map((row) => row.id),
  );
});

test("a search is the same everywhere: words, not accents or case, in tables, entries, digests and runs", async () => {
  const [{ id }] =
    await sql`SELECT client_group_id AS id FROM timesheet.client_groups WHERE name = 'Café Lumière Catering'`;
  const [{ entries }] = await sql`
    SELECT count(*)::int AS entries FROM timesheet.time_entries
    WHERE client_group_id = ${id} AND workday BETWEEN '2026-11-16' AND '2026-11-22'`;
  assert.ok(entries > 0);
  for (const q of ["CAFE lumiere", "catering  café"]) {
    const exported = await csv(`${site.url}/entries/csv?${days}&q=${encodeURIComponent(q)}`);
    assert.deepEqual([exported.length, new Set(exported.map((row) => row.Client)).size], [entries, 1], q);
  }
  assert.equal((await csv(`${site.url}/entries/csv?${days}&q=cafe+zzz`)).length, 0);
  const [{ digests }] =
    await sql`SELECT count(*)::int AS digests FROM timesheet.digests WHERE title = 'Café Lumière Catering'`;
  assert.ok(digests > 0);
  assert.equal((await csv(`${site.url}/digests/csv?from=2026-01-01&to=2026-12-31&q=catering+cafe`)).length, digests);
  const [{ runs }] = await sql`SELECT count(*)::int AS runs FROM timesheet.ingest_runs WHERE command = 'nightly'`;
  assert.equal((await csv(`${site.url}/health/csv?from=2026-01-01&to=2026-12-31&q=NIGHTLY`)).length, runs);
});

test("entry: every version is shown as received, with changes marked", async () => {
  const [entry] = await sql`
    SELECT r.jibble_id::text AS id, array_agg(r.payload::text ORDER BY r.raw_event_id) AS payloads
    FROM timesheet.raw_events AS r JOIN timesheet.time_entries AS e ON e.jibble_activity_id = r.jibble_id
    WHERE r.resource = 'TimeEntries' AND r.payload IS NOT NULL GROUP BY r.jibble_id HAVING count(*) > 1 ORDER BY 1
    LIMIT 1`;
  await open(`/entries/${entry.id}`);
  const shownPayloads = await page.locator(".versions pre").evaluateAll((all) => all.map((each) => each.textContent));
  const bare = (text) => text.replace(/("(?:[^"\\]|\\.)*")|\s+/g, (_, string) => string ?? "");
  assert.deepEqual(shownPayloads.map(bare), entry.payloads.map(bare));
  assert.ok((await page.locator(".versions mark").count()) > 0);
});
