// What make vercel built: where the bundle is, and the jobs called as Vercel calls them, with the real timesheetd.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { once } from "node:events";
import { join } from "node:path";
import { startFunctions } from "./functions.mjs";
import { owner, secret, superuser, uriOf } from "./world.mjs";

const output = join(process.env.TIMESHEET_WEB_TEST_VERCEL, ".vercel/output");
const functions = join(output, "functions");
const bundle = join(process.env.TIMESHEET_WEB_TEST_VERCEL, "../bundle");
const jobsPath = "/jobs/[job]";
const bearer = { authorization: `Bearer ${secret}` };
const megabyte = 1_048_576;

function filesIn(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name).slice(folder.length + 1));
}

/** The folders that are functions of their own; other paths link to them. */
function functionFolders() {
  return readdirSync(functions, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name.endsWith(".func"))
    .map(({ parentPath, name }) => join(parentPath, name).slice(functions.length));
}

const configurationOf = (path) => JSON.parse(readFileSync(join(functions, path, ".vc-config.json"), "utf8"));
const sizeOf = (folder) => filesIn(folder).reduce((sum, file) => sum + statSync(join(folder, file)).size, 0);

// Airtable and Resend, as far as a pass without surprises asks them.
let services, sql, environment, password;
const mails = [];
/** The client group of the one contact. */
let group;
const sites = [];

before(async () => {
  services = createServer(async (request, response) => {
    const body = Buffer.concat(await request.toArray()).toString();
    if (request.url === "/emails") mails.push(JSON.parse(body));
    const answer = request.url.startsWith("/v0/")
      ? {
          records: [
            {
              id: "rec1",
              createdTime: "2026-01-01T00:00:00.000Z",
              fields: { Email: "ann@example.com", "Jibble Group ID": group.id },
            },
          ],
        }
      : { id: `mail-${mails.length}`, data: [] };
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(answer));
  }).listen(0, "127.0.0.1");
  await once(services, "listening");
  const address = `http://127.0.0.1:${services.address().port}`;

  const root = superuser("postgres");
  await root`CREATE DATABASE polled OWNER timesheet`;
  await root.end();
  const ownerUrl = uriOf(process.env.TIMESHEET_WEB_TEST_OWNER_URI, "polled");
  execFileSync(process.env.TIMESHEETD, ["migrate"], { env: { DATABASE_URL: ownerUrl, LOG_LEVEL: "warning" } });
  sql = owner("polled");
  const superuserUrl = uriOf(process.env.TIMESHEET_WEB_TEST_SUPERUSER_URI, "polled");
  const url = execFileSync("./role.sh", ["jobs", ownerUrl, superuserUrl], { encoding: "utf8" }).trim();
  password = new URL(url).password;

  environment = {
    ...Object.fromEntries(Object.entries(process.env).filter(([name]) => name.startsWith("JIBBLE_"))),
    WEB_PARTS: "jobs",
    CRON_SECRET: secret,
    JOBS_DATABASE_URL: url,
    AIRTABLE_TOKEN: "pat-hush-hush",
    AIRTABLE_BASE_ID: "appBase",
    AIRTABLE_API_URL: address,
    MAIL_PROVIDER: "resend",
    MAIL_FROM: "Agency <hours@agency.example>",
    RESEND_API_KEY: "key-hush-hush",
    RESEND_API_URL: address,
  };
});
after(async () => {
  for (const site of sites) await site.stop();
  services.close();
  services.closeAllConnections();
  await sql?.end();
});

async function start(changes = {}) {
  const site = await startFunctions(output, { ...environment, ...changes });
  sites.push(site);
  return site;
}

async function call(site, path, { headers = bearer, ...options } = {}) {
  const response = await fetch(site.url + path, { headers, ...options });
  return { status: response.status, body: await response.json() };
}

test("the bundle is whole in the jobs' function, and in no other", () => {
  const folders = functionFolders();
  assert.ok(folders.length >= 4, folders.join(" "));
  const holders = folders.filter((path) =>
    filesIn(join(functions, path)).some((file) => /timesheetd$|ld-linux|ca-certificates/.test(file)),
  );
  assert.deepEqual(holders, [`${jobsPath}.func`]);
  const sums = (folder, added = () => "") =>
    Object.fromEntries(
      filesIn(folder).map((file) => {
        const bytes = Buffer.concat([readFileSync(join(folder, file)), Buffer.from(added(file))]);
        return [file, [createHash("sha256").update(bytes).digest("hex"), statSync(join(folder, file)).mode]];
      }),
    );
  // The authorities that this checkout adds, each with a line end after it.
  const folder = new URL("../../deploy/vercel/authorities/", import.meta.url);
  const authorities = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith(".crt")) : [];
  const added = authorities.sort().map((name) => `${readFileSync(new URL(name, folder), "utf8")}\n`);
  const there = sums(join(functions, holders[0], "bundle"));
  assert.ok(Object.keys(there).length > 10);
  assert.deepEqual(
    there,
    sums(bundle, (file) => (file === "share/ca-certificates.crt" ? added.join("") : "")),
  );
  assert.ok(!filesIn(join(output, "static")).some((file) => file.includes("bundle/")));
});

test("no function grows: the jobs' own is far below Vercel's 250 MB, the others below 8 MB", () => {
  assert.ok(functionFolders().includes(`${jobsPath}.func`));
  for (const path of functionFolders()) {
    const size = sizeOf(join(functions, path)) / megabyte;
    const most = path === `${jobsPath}.func` ? 60 : 8;
    assert.ok(size < most, `${path} has ${Math.round(size)} MB`);
  }
});

test("a job may take 300 seconds, a page 60, and both run on Node.js", () => {
  const durations = {};
  for (const path of functionFolders()) {
    const { runtime, handler, filePathMap = {}, maxDuration } = configurationOf(path);
    assert.match(runtime, /^nodejs\d\d\.x$/);
    assert.ok(existsSync(join(functions, path, handler)), path);
    // Everything is in the folder: what is deployed needs no other file of this machine.
    assert.deepEqual(filePathMap, {}, path);
    durations[path] = maxDuration;
  }
  assert.equal(durations[`${jobsPath}.func`], 300);
  assert.equal(configurationOf("/activities.func").maxDuration, 60); // a link, where others are built alike
  assert.deepEqual(
    Object.entries(durations).filter(([path, seconds]) => seconds > 60 && path !== `${jobsPath}.func`),
    [],
  );
});

test("each job runs to its end, as the role timesheet_ingest", async () => {
  const site = await start();
  const commands = async () =>
    (await sql`SELECT DISTINCT command FROM timesheet.ingest_runs`).map((row) => row.command);

  const history = await call(site, "/jobs/backfill?since=2026-11-16&until=2026-11-25", { method: "POST", body: "{}" });
  assert.equal(history.status, 200, JSON.stringify(history.body));
  const [{ entries }] = await sql`SELECT count(*) AS entries FROM timesheet.time_entries`;
  assert.ok(entries > 1000, String(entries));
  [group] = await sql`SELECT jibble_id AS id FROM timesheet.client_groups ORDER BY client_group_id LIMIT 1`;

  for (const [name, method, said] of [
    ["sync", "POST", /^sync of .* finished: run \d+, \d+ pages, \d+ rows, /],
    ["nightly", "GET", /^audit of \S+ finished: /],
    ["contacts", "POST", /^1 contacts: 1 added, 0 removed, 0 problems$/],
    ["digests", "POST", /^(the next digest is due at |digests: \d+ sent|\d+ digests are (left|overdue))/],
    ["check", "GET", /^ok +database .*(\n(ok|-) .*)+$/],
  ]) {
    const { status, body } = await call(site, `/jobs/${name}`, { method });
    assert.equal(status, 200, JSON.stringify(body));
    const { seconds, message, ...rest } = body;
    assert.deepEqual(rest, { job: name, exit: 0 });
    assert.ok(seconds > 0 && seconds < 60, String(seconds));
    assert.match(message, said);
  }
  assert.deepEqual((await commands()).filter((name) => ["backfill", "sync", "nightly"].includes(name)).sort(), [
    "backfill",
    "nightly",
    "sync",
  ]);
  assert.deepEqual(
    (await sql`SELECT email FROM timesheet.contacts`).map((row) => row.email),
    ["ann@example.com"],
  );

  const probe = await call(site, "/jobs/probe");
  assert.equal(probe.status, 200, JSON.stringify(probe.body));
  assert.equal(probe.body.probe.find(({ id }) => id === "order_by_id").holds, true);
  const ids = ["order_by_id", "select_slash_keys", "count", "page_cap", "archived_listed", "id_without_date"];
  ids.push("activity_after_break", "summary_midnight", "summary_envelope", "tracked_hour_entries");
  ids.push("person_ids_repeated", "end_break_type");
  assert.deepEqual(probe.body.probe.map(({ id }) => id).sort(), ids.sort());

  const metrics = await fetch(`${site.url}/jobs/metrics`, { headers: bearer });
  assert.equal(metrics.headers.get("content-type"), "application/openmetrics-text; version=1.0.0; charset=utf-8");
  const text = await metrics.text();
  assert.equal(metrics.status, 200, text);
  assert.match(text, /^timesheet_feed_stale 0$/m);
  assert.match(text, /^timesheet_alerts_open\{kind="stale_feed"\} 0$/m);
  assert.match(text, /\n# EOF\n$/);
});

test("a deployment of the jobs alone shows no page and no file, one of the dashboard alone runs no job", async () => {
  const files = filesIn(join(output, "static"));
  const served = ["icon.svg", ...[".js", ".css"].map((kind) => files.find((file) => file.endsWith(kind)))];
  const status = async (site, path) =>
    (await fetch(`${site.url}/${path}`, { headers: bearer, redirect: "manual" })).status;
  let jobsAlone;
  for (const part of ["jobs", "portal"]) {
    const site = await start({ WEB_PARTS: part });
    if (part === "jobs") jobsAlone = site;
    for (const path of [...served, "", "clients", "sign-in", "_next/static/nothing.js", "unsubscribe"])
      assert.equal(await status(site, path), 404, `${part}: ${path}`);
    assert.equal(await status(site, "jobs/nothing?"), 404);
    assert.equal(await status(site, "jobs/sync?since=2026-01-01"), part === "jobs" ? 400 : 404);
  }
  const dashboard = await start({
    WEB_PARTS: "dashboard",
    DATABASE_URL: "postgresql://dashboard@127.0.0.1:9/x",
    WEB_BASE_URL: "https://hours.example",
    OIDC_ISSUER: "http://127.0.0.1:9",
    OIDC_CLIENT_ID: "x",
    OIDC_CLIENT_SECRET: "x",
    SESSION_SECRET: secret,
    ALLOWED_DOMAINS: "agency.example",
  });
  for (const path of [...served, "sign-in"]) assert.equal(await status(dashboard, path), 200, path);
  assert.equal(await status(dashboard, "clients"), 307);
  for (const name of ["sync", "check", "nothing"]) assert.equal(await status(dashboard, `jobs/${name}`), 404, name);
  // All that is a file: nothing of the server's but the build's own timings, at an address that answers 404.
  const trace = "_next/__private/trace";
  assert.ok(files.includes(trace));
  for (const site of [jobsAlone, dashboard]) assert.equal(await status(site, trace), 404);
  for (const file of files.filter((name) => name !== trace))
    assert.match(file, /^(_next\/static\/.*\.(js|css|svg|txt)|500\.html|500(\.segments\/_tree\.segment)?\.rsc\.json)$/);
});

test("what is wrong with a deployment is for those who have the secret", async () => {
  for (const [changes, message, pages] of [
    [{ JOB_SECONDS: "251" }, /^the jobs are not configured: JOB_SECONDS is "251"/, 404],
    [{ WEB_PARTS: "job" }, /^the jobs are not configured: WEB_PARTS has "job"/, 500],
  ]) {
    const site = await start(changes);
    const { status, body } = await call(site, "/jobs/sync", { headers: {} });
    assert.deepEqual([status, body.message], [401, "the secret is missing or wrong"]);
    const answered = await call(site, "/jobs/sync");
    assert.equal(answered.status, 500);
    assert.match(answered.body.message, message);
    for (const path of ["/", "/clients", "/icon.svg"]) {
      const answer = await fetch(site.url + path, { redirect: "manual" });
      assert.equal(answer.status, pages, path);
      assert.ok(!/JOB_SECONDS|WEB_PARTS|CRON_SECRET/.test(await answer.text()), path);
    }
  }
});

test("without the secret nothing runs and nothing is said", async () => {
  const site = await start();
  for (const headers of [{}, { authorization: `Bearer ${secret}x` }])
    for (const name of ["sync", "nothing", "check"]) {
      const { status, body } = await call(site, `/jobs/${name}`, { headers });
      assert.deepEqual([status, body.message, body.exit], [401, "the secret is missing or wrong", null]);
    }
  assert.equal((await call(site, "/jobs/nothing")).status, 404);
  assert.equal((await call(site, "/jobs/sync?since=2026-01-01")).status, 400);
});

test("of two calls at once the second is 409, which is no failure", async () => {
  const site = await start({ JIBBLE_REQUESTS_PER_SECOND: "2" });
  const counted = () => sql`
    SELECT count(*) FILTER (WHERE command = 'sync') AS runs, count(*) FILTER (WHERE status = 'failed') AS failed,
      (SELECT count(*) FROM timesheet.alerts WHERE resolved_at IS NULL) AS alerts
    FROM timesheet.ingest_runs`;
  const [before] = await counted();
  const answers = await Promise.all([call(site, "/jobs/sync"), call(site, "/jobs/sync")]);
  assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 409], JSON.stringify(answers));
  const { body } = answers.find(({ status }) => status === 409);
  assert.equal(body.exit, 75);
  assert.match(
    body.message,
    /^PostgreSQL at \S+ as jobs: the ingest lock could not be taken within 500ms: it is held by role jobs since /,
  );
  const [now] = await counted();
  assert.deepEqual(now, { ...before, runs: before.runs + 1 });
});

test("a pass that fails is 500 with the reason, and without any secret", async () => {
  const site = await start({ JIBBLE_CLIENT_SECRET: "wrong-hush-hush" });
  const { status, body } = await call(site, "/jobs/sync");
  assert.deepEqual([status, body.exit], [500, 1]);
  assert.equal(body.message, "Jibble refused the credentials; check JIBBLE_CLIENT_ID and JIBBLE_CLIENT_SECRET");
  assert.match(site.log(), /Jibble refused the credentials/);
  assert.ok(!/hush/.test(JSON.stringify(body) + site.log()));

  const nowhere = await start({ JOBS_DATABASE_URL: `postgresql://jobs:${password}@127.0.0.1:9/polled` });
  const unreached = await call(nowhere, "/jobs/sync");
  assert.deepEqual([unreached.status, unreached.body.exit], [500, 1]);
  assert.match(unreached.body.message, /cannot connect to PostgreSQL at 127\.0\.0\.1:9/);
  assert.ok(!(JSON.stringify(unreached.body) + nowhere.log()).includes(password));
});

test("a pass that JOB_SECONDS cuts says what is left, and the next call goes on there", async () => {
  const site = await start({ JOB_SECONDS: "3", JIBBLE_REQUESTS_PER_SECOND: "20", JIBBLE_PAGE_SIZE: "20" });
  // Some 1,800 entries are 90 pages, which take 4.5 seconds at least.
  const path = "/jobs/backfill?since=2026-10-26&until=2026-11-08";
  const answers = [];
  do {
    answers.push(await call(site, path));
    assert.equal(answers.at(-1).status, 200, JSON.stringify(answers.at(-1).body));
    assert.ok(answers.length < 40, JSON.stringify(answers.slice(-3)));
  } while (answers.at(-1).body.message.includes("left: 2026-"));
  assert.ok(answers.length > 1);
  assert.match(
    answers[0].body.message,
    /the time limit of 3 s .*; left: 2026-.*…2026-11-08; the next call goes on there/,
  );
  // Each of the 14 days was read once, so no call began again.
  const days = await sql`
    SELECT d::date AS day, count(*) AS times FROM timesheet.ingest_runs AS r,
      generate_series(r.since, r.until, interval '1 day') AS d
    WHERE r.command = 'backfill' AND r.status = 'succeeded' AND r.until <= '2026-11-08' GROUP BY 1 ORDER BY 1`;
  assert.equal(days.length, 14);
  assert.deepEqual([...new Set(days.map(({ times }) => times))], [1]);
});

test("SIGTERM of the platform ends the pass in order, then the function", async () => {
  const site = await start({ JIBBLE_REQUESTS_PER_SECOND: "1" });
  const [{ begun }] = await sql`SELECT coalesce(max(ingest_run_id), 0) AS begun FROM timesheet.ingest_runs`;
  const answer = call(site, "/jobs/sync");
  const later = () => sql`SELECT status, error FROM timesheet.ingest_runs WHERE ingest_run_id > ${begun}`;
  for (let tries = 0; tries < 200 && (await later()).length === 0; tries += 1)
    await new Promise((resolve) => setTimeout(resolve, 50));
  assert.equal((await later()).length, 1);
  const own = site.functionOf(jobsPath);
  own.child.kill("SIGTERM");
  const { status, body } = await answer;
  // No failure for the schedule in the database.
  assert.deepEqual([status, body.exit], [200, 1]);
  assert.match(body.message, /^stopped by SIGTERM of the platform; .* the next call goes on$/);
  assert.equal(await own.ended, "SIGTERM");
  const [run] = await later();
  assert.equal(run.status, "failed");
  assert.match(run.error, /stopped by SIGTERM/);
  // No lock is left: another function reads it all at once.
  assert.equal((await call(await start(), "/jobs/sync")).status, 200);
});
