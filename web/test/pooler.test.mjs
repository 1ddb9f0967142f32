// The dashboard through a pooler in transaction mode, such as Supabase's: the same answers,
// from one connection without state.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import postgres from "postgres";
import { startPooler } from "./pooler.mjs";
import { cookieOf, makeLink, portalUri } from "./portal_site.mjs";
import { now, owner, startSite, uriOf } from "./world.mjs";

const readerUri = uriOf(process.env.TIMESHEET_WEB_TEST_READER_URI, "web");
const unsubscribeUri = uriOf(process.env.TIMESHEET_WEB_TEST_UNSUBSCRIBE_URI, "web");
const operatorUri = uriOf(process.env.TIMESHEET_WEB_TEST_OPERATOR_URI, "web");
/** Who pages are read by, and what each connection says it is; a preview of a change is made by the second. */
const users = { dashboard: "timesheet-web", operator: "timesheet-operator", portal: "timesheet-portal" };
const days = "from=2026-11-16&to=2026-11-22";
const contact = "operations@redstone.example";
let pooler, direct, pooled, sql, paths, headers;

const start = (through) =>
  startSite({
    TIMESHEET_WEB_DEMO: "1",
    TIMESHEET_WEB_NOW: now,
    DATABASE_URL: through(readerUri),
    UNSUBSCRIBE_DATABASE_URL: through(unsubscribeUri),
    OPERATOR_DATABASE_URL: through(operatorUri),
    OPERATORS: "demo@agency.example",
    PORTAL_DATABASE_URL: through(portalUri()),
    PORTAL_URL: "http://127.0.0.1/portal",
  });

before(async () => {
  sql = owner();
  pooler = await startPooler([readerUri, unsubscribeUri, operatorUri, portalUri()]);
  const started = await Promise.allSettled([
    start((uri) => uri).then((page) => (direct = page)),
    start(pooler.uriOf).then((page) => (pooled = page)),
  ]);
  for (const { reason } of started) if (reason) throw reason;
  const [{ agent, client, entry }] = await sql`
    SELECT s.agent_id AS agent, s.client_group_id AS client, s.jibble_activity_id AS entry
    FROM timesheet.sessions('2026-11-17', '2026-11-18') AS s WHERE s.client_group_id IS NOT NULL ORDER BY s.started_at
    LIMIT 1`;
  const digests = await sql`
    SELECT d.id, m.html IS NOT NULL AS mail
    FROM (SELECT min(delivery_id)::int AS id FROM timesheet.digest_deliveries GROUP BY state) AS d
    LEFT JOIN timesheet.digest_emails AS m ON m.delivery_id = d.id ORDER BY 1`;
  const request = crypto.randomUUID();
  await sql`
    SELECT FROM timesheet.operate_view_portal('demo@agency.example', (
      SELECT d.email FROM timesheet.digests AS d WHERE d.state = 'sent' ORDER BY d.delivery_id LIMIT 1), ${request})`;
  const [{ delivery }] = await sql`
    SELECT d.delivery_id::int AS delivery FROM timesheet.digests AS d
    WHERE d.email = ${contact} AND d.state = 'sent' ORDER BY 1 LIMIT 1`;
  headers = cookieOf(await makeLink(sql, contact));
  paths = [
    "",
    "/clients",
    `/clients/${client}`,
    "/agents",
    `/agents/${agent}`,
    "/activities",
    "/entries",
    "/digests",
    "/health",
  ].flatMap((path) => [
    `${path || "/"}?${days}`,
    ...(path === "/health" ? [] : [`${path || "/"}?${days}&q=a&page=1`]),
    `${path}/csv?${days}`,
    `${path}/xlsx?${days}`,
  ]);
  paths.push(
    "/",
    `/agents/${agent}/csv?${days}&table=sessions`,
    `/agents/${agent}?from=2026-01-01&to=2026-11-22&clock=client`,
    `/entries/${entry}`,
    `/entries?${days}&agent=${agent}&type=In`,
    "/entries/csv?from=2026-09-01&to=2026-11-24",
    "/search?q=a",
    "/search/csv?q=a",
    "/search/xlsx?q=a",
    "/agents/usual",
    "/agents/usual/csv",
    "/agents/usual/xlsx",
    `/activities/compare?${days}`,
    `/activities/compare/csv?${days}`,
    `/activities/compare/xlsx?${days}`,
    ...["/actions", "/actions/corrections", `/agents/${agent}/2026-11-17`].flatMap((path) => [
      path,
      `${path}/csv`,
      `${path}/xlsx`,
    ]),
    "/actions/update_settings",
    "/digests/csv?table=portal",
    ...["", "/csv", "/xlsx", "/mail"].map((part) => `/digests/seen/${request}${part}?${days}`),
    // Its preview is made on the operator's connection, and taken back there.
    `/actions/set_working_time?agent=${agent}&since=2026-11-16&zone=Asia%2FTokyo&cutoff=12:00&step=confirm`,
    "/portal",
    "/portal/csv",
    "/portal/week/2026-11-16",
    "/portal/week/2026-11-16/csv",
    "/portal/digests",
    `/portal/digests/${delivery}`,
    `/portal/digests/${delivery}/mail`,
    "/portal/link",
    "/portal/link/sent",
    ...digests.flatMap(({ id, mail }) => [
      `/digests/${id}`,
      `/digests/${id}/csv`,
      `/digests/${id}/xlsx`,
      ...(mail ? [`/digests/${id}/mail`] : []),
    ]),
  );
});
after(async () => {
  await direct?.stop();
  await pooled?.stop();
  await pooler?.stop();
  await sql?.end();
});

/**
 * A page's whole content, except for scripts, nonces, and what depends on the real clock: the feed's age,
 * how long a person has been working.
 */
async function answer(site, path) {
  const response = await fetch(site.url + path, { headers, signal: AbortSignal.timeout(30_000) });
  const text = await response.text();
  const said = text
    .replace(/<script\b.*?<\/script>/gs, "")
    .replace(/ nonce="[^"]*"/g, "")
    .replace(/ name="request" value="[^"]*"/g, "")
    .replace(/\bread \d+ (s|min|h|days) ago/g, "read some time ago")
    .replace(/<ul class="working">.*?<\/ul>/gs, (list) => list.replace(/\d+:\d\d:\d\d/g, "so long"));
  return { status: response.status, type: response.headers.get("content-type"), said };
}

const sumOf = (rows, column) => rows.reduce((all, row) => all + Number(row[column]), 0);

test("every page and export is identical to that of a direct connection", { timeout: 300_000 }, async () => {
  const routes = Object.values(JSON.parse(readFileSync(".next/app-path-routes-manifest.json", "utf8"))).filter(
    (route) => !/^\/(_|sign-|icon|unsubscribe|jobs\/|actions\/.*(send|done)|portal\/(\[|leave|link\/send))/.test(route),
  );
  for (const route of routes) {
    const pattern = new RegExp(`^${route.replace(/\[\w+\]/g, "(?!csv|xlsx|mail)[^/]+")}$`);
    assert.ok(
      paths.some((path) => pattern.test(path.split("?")[0])),
      `${route} is not asked for`,
    );
  }
  const [statsBefore] = await pooler.show("STATS").then((rows) => rows.filter((row) => row.database === "pooled"));
  for (const path of paths) {
    const expected = await answer(direct, path);
    assert.equal(expected.status, 200, path);
    assert.deepEqual(await answer(pooled, path), expected, path);
  }
  // The pooler was really used: it counts the dashboard's transactions, on one connection, which the server has too.
  const [statsAfter] = await pooler.show("STATS").then((rows) => rows.filter((row) => row.database === "pooled"));
  assert.ok(Number(statsAfter.total_xact_count) - Number(statsBefore?.total_xact_count ?? 0) >= paths.length);
  const [clients, servers] = await Promise.all(
    ["CLIENTS", "SERVERS"].map(async (what) => (await pooler.show(what)).filter((row) => row.database === "pooled")),
  );
  assert.ok(
    clients.length > 0 && clients.every((row) => row.application_name === users[row.user]),
    JSON.stringify(clients),
  );
  const known = await sql`
    SELECT usename AS user FROM pg_stat_activity
    WHERE datname = 'web' AND pid = ANY (${servers.map((row) => row.remote_pid)}) ORDER BY 1`;
  assert.deepEqual(
    known.map((row) => row.user),
    Object.keys(users),
  );
});

test("ten at once share one connection, and each gets its own answer", async () => {
  const expected = [];
  for (const path of paths) expected.push(await answer(direct, path));
  // Ten at any time, on any machine: with more, the last would exceed a page's time limit.
  const answers = (async () => {
    const all = new Array(paths.length);
    const left = [...paths.keys()];
    const ask = async () => {
      for (let n; (n = left.shift()) !== undefined;) all[n] = await answer(pooled, paths[n]);
    };
    await Promise.all(Array.from({ length: 10 }, ask));
    return all;
  })();
  let most = 0;
  let answered = false;
  answers.finally(() => (answered = true)).catch(() => {});
  while (!answered) {
    const pools = (await pooler.show("POOLS")).filter((row) => row.database === "pooled" && row.user === "dashboard");
    assert.ok(pools.every((row) => row.pool_mode === "transaction"));
    assert.ok(
      sumOf(pools, "sv_active") + sumOf(pools, "sv_idle") + sumOf(pools, "sv_used") + sumOf(pools, "sv_tested") <= 1,
    );
    most = Math.max(most, sumOf(pools, "cl_waiting"));
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  for (const [n, each] of (await answers).entries()) assert.deepEqual(each, expected[n], paths[n]);
  assert.ok(most > 0, "no request had to wait for another");
});

test("a change by staff works through it too, and its result is shown", async () => {
  const [{ alert }] = await sql`SELECT timesheet.raise_alert('failing_runs', 'of the test', 'three failed') AS alert`;
  try {
    const asked = await (await fetch(`${pooled.url}/actions/acknowledge_alert?alert=${alert}&step=confirm`)).text();
    const [form] = /<form [^>]*method="post".*?<\/form>/s.exec(asked.slice(asked.indexOf("<main")));
    const body = new URLSearchParams(
      [...form.matchAll(/<input [^>]*name="([^"]*)" value="([^"]*)"/g)].map(([, name, value]) => [name, value]),
    );
    const post = () =>
      fetch(`${pooled.url}/actions/acknowledge_alert/send`, { method: "POST", body, headers: { origin: pooled.url } });
    const [answer, again] = await Promise.all([post(), post()]);
    assert.deepEqual(
      [answer.status, again.status, new URL(answer.url).pathname],
      [200, 200, new URL(again.url).pathname],
    );
    assert.match(await answer.text(), /data-done/);
    const done = await sql`
      SELECT actor FROM timesheet.operator_actions
      WHERE action = 'acknowledge_alert' AND request = ${body.get("request")}`;
    assert.deepEqual(
      done.map((row) => row.actor),
      ["demo@agency.example"],
    );
  } finally {
    await sql`DELETE FROM timesheet.alerts WHERE alert_id = ${alert}`;
  }
});

test("the unsubscribe link works through it too, many at once", async () => {
  const [{ contact, token }] = await sql`
    SELECT contact_id AS contact, unsubscribe_token AS token FROM timesheet.contacts
    WHERE email = 'operations@redstone.example'`;
  const gone = async () =>
    (await sql`SELECT contact_id AS contact FROM timesheet.contacts WHERE unsubscribed_at IS NOT NULL`).map(
      (row) => row.contact,
    );
  const others = await gone();
  assert.ok(!others.includes(contact));
  try {
    const tokens = [token, ...Array.from({ length: 9 }, () => crypto.randomUUID())];
    const answers = await Promise.all(
      tokens.map((of) =>
        fetch(`${pooled.url}/unsubscribe?token=${of}`, {
          method: "POST",
          body: new URLSearchParams({ "List-Unsubscribe": "One-Click" }),
        }),
      ),
    );
    assert.deepEqual(
      answers.map((each) => each.status),
      tokens.map(() => 200),
    );
    assert.deepEqual((await gone()).sort(), [...others, contact].sort());
  } finally {
    await sql`UPDATE timesheet.contacts SET unsubscribed_at = NULL WHERE contact_id = ${contact}`;
  }
});

test("a client with prepared statements or session settings would fail through this pooler", async () => {
  const client = postgres(pooler.uriOf(readerUri), { max: 1, prepare: true, fetch_types: false, onnotice: () => {} });
  try {
    const ask = () => client.begin((tx) => tx`SELECT ${1}::int AS one`);
    await ask();
    await assert.rejects(ask, { code: "26000" }); // there is no such statement
    await client.unsafe("SET search_path = timesheet").simple();
    const [{ search_path: path }] = await client.unsafe("SHOW search_path").simple();
    assert.notEqual(path, "timesheet");
  } finally {
    await client.end({ timeout: 1 });
  }
  assert.doesNotMatch(pooled.log(), /⨯|Error/);
});
