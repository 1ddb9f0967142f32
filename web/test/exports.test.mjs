// An export has every row, however many there are.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { csv, owner, startDemo } from "./world.mjs";
import { xlsx } from "./xlsx.mjs";

let site, sql;

before(async () => {
  [site, sql] = [await startDemo(), owner()];
});
after(async () => {
  await site?.stop();
  await sql?.end();
});

test("runs: a whole year with one every four minutes, in the order asked for", async () => {
  await sql`INSERT INTO timesheet.ingest_runs (command, since, until, status, started_at, finished_at, pages, rows, new)
    SELECT 'sync', '2024-03-01', '2024-03-02', 'succeeded', '2024-03-01 00:00Z'::timestamptz + n * interval '4 minutes',
      '2024-03-01 00:01Z'::timestamptz + n * interval '4 minutes', 1, n, 0 FROM generate_series(0, 120500) AS n`;
  try {
    const exported = await csv(`${site.url}/health/csv?from=2024-03-01&to=2025-02-28&sort=rows`);
    assert.deepEqual(
      exported.map((row) => Number(row.Rows)),
      Array.from({ length: 120_501 }, (_, n) => n),
    );
  } finally {
    await sql`DELETE FROM timesheet.ingest_runs WHERE since = '2024-03-01'`;
  }
});

test("runs as XLSX: a month with one every four minutes, which is read in several batches", async () => {
  await sql`INSERT INTO timesheet.ingest_runs (command, since, until, status, started_at, finished_at, pages, rows, new)
    SELECT 'sync', '2024-01-09', '2024-01-10', 'succeeded', '2024-01-09 00:00Z'::timestamptz + n * interval '4 minutes',
      '2024-01-09 00:01Z'::timestamptz + n * interval '4 minutes', 1, n, 0 FROM generate_series(0, 7199) AS n`;
  try {
    const sheet = await xlsx(`${site.url}/health/xlsx?from=2024-01-01&to=2024-02-05&sort=-rows`);
    assert.deepEqual(
      sheet.map((row) => row.Rows),
      Array.from({ length: 7200 }, (_, n) => 7199 - n),
    );
  } finally {
    await sql`DELETE FROM timesheet.ingest_runs WHERE since = '2024-01-09'`;
  }
});

test("digests: all of them, with the hours that SQL sums", async () => {
  await sql`
    INSERT INTO timesheet.digest_deliveries (contact_id, week, revision, email, content, through_raw_event, state,
      created_at, sent_at, attempts, provider)
    SELECT (SELECT min(contact_id) FROM timesheet.contacts), '2024-03-04', n, 'many@example.com',
      jsonb_build_object('title', 'Many', 'period', 'x', 'subject', 'x', 'total', jsonb_build_object('hours', '0.25')),
      0, 'sent', '2024-03-11 08:00Z'::timestamptz + n * interval '1 second', '2024-03-11 08:00Z', 1, 'resend'
    FROM generate_series(1, 20500) AS n`;
  try {
    const [sums] = await sql`
      SELECT count(*)::int AS count, sum(d.hours)::float8 AS hours FROM timesheet.digests AS d
      WHERE d.email = 'many@example.com'`;
    assert.equal(sums.count, 20_500);
    const exported = await csv(`${site.url}/digests/csv?from=2024-03-11&to=2024-03-12&sort=queuedAt&q=many`);
    assert.deepEqual(
      exported.map((row) => Number(row.Revision)),
      Array.from({ length: 20_500 }, (_, n) => n + 1),
    );
    assert.equal(
      exported.reduce((all, row) => all + Number(row.Hours), 0),
      sums.hours,
    );
  } finally {
    await sql`DELETE FROM timesheet.digest_deliveries WHERE email = 'many@example.com'`;
  }
});
