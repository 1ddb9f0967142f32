// A busy, unreachable or silent database: every request is answered soon, and served again as soon as it is back.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { startLink } from "./link.mjs";
import { now, owner, startSite, uriOf } from "./world.mjs";

const readerUri = uriOf(process.env.TIMESHEET_WEB_TEST_READER_URI, "web");
const demo = { TIMESHEET_WEB_DEMO: "1", TIMESHEET_WEB_NOW: now };
// Ten seconds, plus what a busy machine adds.
const soon = 15_000;
const links = {};
const sites = {};
let sql, hostile;

before(async () => {
  [sql, hostile] = [owner(), owner("hostile")];
  for (const name of ["away", "silent"]) links[name] = await startLink(readerUri);
  [sites.locked, sites.away, sites.silent] = await Promise.all([
    startSite(demo, { database: "hostile" }),
    startSite({ ...demo, DATABASE_URL: links.away.uriOf(readerUri) }),
    startSite({ ...demo, DATABASE_URL: links.silent.uriOf(readerUri) }),
  ]);
});
after(async () => {
  for (const site of Object.values(sites)) await site?.stop();
  for (const link of Object.values(links)) link.stop();
  await sql?.end();
  await hostile?.end();
});

const days = "from=2026-11-16&to=2026-11-22";
const paths = ["/", "/clients", "/agents", "/entries", "/clients/csv", "/entries/xlsx", "/health", "/activities"].map(
  (path) => `${path}?${days}`,
);

async function ask(site, path) {
  const begin = performance.now();
  const response = await fetch(site.url + path, { signal: AbortSignal.timeout(60_000) });
  const text = await response.text();
  return {
    path,
    status: response.status,
    retry: response.headers.get("retry-after"),
    text,
    milliseconds: performance.now() - begin,
  };
}

/** Each of 20 simultaneous requests is soon asked to try again. */
async function allAreAskedToRetry(site) {
  const answers = await Promise.all(Array.from({ length: 20 }, (_, n) => ask(site, paths[n % paths.length])));
  for (const { path, status, retry, text, milliseconds } of answers) {
    assert.equal(status, 503, `${path} answered ${status}`);
    assert.ok(Number(retry) > 0, `${path} has no Retry-After`);
    assert.match(text, /is not available at the moment/, path);
    assert.ok(milliseconds < soon, `${path} took ${Math.round(milliseconds)} ms`);
  }
}

async function isServedAgain(site) {
  const { status, milliseconds } = await ask(site, paths[1]);
  assert.equal(status, 200);
  assert.ok(milliseconds < 3000, `the next request took ${Math.round(milliseconds)} ms`);
}

describe("a database that", { concurrency: true }, () => {
  test("has its tables locked", async () => {
    await ask(sites.locked, paths[0]);
    await hostile.begin(async (tx) => {
      await tx`
        LOCK TABLE timesheet.time_entries, timesheet.daily_rollup, timesheet.client_groups, timesheet.agents,
          timesheet.ingest_runs IN ACCESS EXCLUSIVE MODE`;
      await allAreAskedToRetry(sites.locked);
      // No query is left running after its request ended.
      const [{ waiting }] = await sql`
        SELECT count(*)::int AS waiting FROM pg_stat_activity WHERE datname = 'hostile'
          AND application_name = 'timesheet-web' AND state <> 'idle'`;
      assert.equal(waiting, 0);
    });
    await isServedAgain(sites.locked);
  });

  test("refuses connections", async () => {
    await ask(sites.away, paths[0]);
    links.away.close();
    for (let n = 0; n < 3; n += 1) await allAreAskedToRetry(sites.away);
    await links.away.open();
    await isServedAgain(sites.away);
  });

  test("falls silent, on existing connections and on new ones", async () => {
    await Promise.all([ask(sites.silent, paths[0]), ask(sites.silent, paths[1])]);
    links.silent.silence();
    await allAreAskedToRetry(sites.silent);
    await links.silent.open();
    await isServedAgain(sites.silent);
  });
});

test("waiting exports leave places for pages, and are served in turn", async () => {
  const slow = await hostile.reserve();
  await slow`BEGIN`;
  await slow`LOCK TABLE timesheet.ingest_runs IN ACCESS EXCLUSIVE MODE`;
  try {
    const exports = Promise.all(Array.from({ length: 6 }, () => ask(sites.locked, `/health/csv?${days}`)));
    await new Promise((resolve) => setTimeout(resolve, 300));
    const page = await ask(sites.locked, `/clients?${days}`);
    assert.equal(page.status, 200);
    assert.ok(page.milliseconds < 3000, `a page took ${Math.round(page.milliseconds)} ms while exports waited`);
    await slow`ROLLBACK`;
    // Those that waited for the lock may have given up; the four that waited for a place succeed.
    assert.ok((await exports).filter(({ status }) => status === 200).length >= 4);
  } finally {
    await slow`ROLLBACK`;
    slow.release();
  }
});
