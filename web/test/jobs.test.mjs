// /jobs, by a program that stands in for timesheetd: who may call, what the program gets, and what is answered.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { after, before, beforeEach, test } from "node:test";
import { readJobs } from "../src/config/jobs.ts";
import { programVariables } from "../src/jobs/environment.ts";
import { runProgram } from "../src/jobs/program.ts";
import { makeStandIn } from "./stand_in.mjs";
import { startSite } from "./world.mjs";

const secret = "a secret of 32 characters, or more";
const bearer = { authorization: `Bearer ${secret}` };
const password = "pass%2Fword/of ana";
const jobsUrl = "postgresql://ingest:pass%252Fword%2Fof%20ana@db.example:5432/postgres?sslmode=verify-full";
/** What timesheetd may have, one variable each; the other two of the contract are set below. */
const given = Object.fromEntries(
  programVariables.filter((name) => name !== "AIRTABLE_TABLE").map((name) => [name, `the value of ${name}`]),
);
const standIn = makeStandIn();
const names = ["sync", "nightly", "contacts", "digests", "check", "probe", "backfill", "metrics"];
let site;

const environment = {
  ...given,
  WEB_PARTS: "jobs",
  CRON_SECRET: secret,
  JOBS_DATABASE_URL: jobsUrl,
  JOBS_BUNDLE: standIn.bundle,
  AIRTABLE_TABLE: standIn.folder,
  JOB_SECONDS: "77",
  // of other parts and of the platform
  DATABASE_URL: "postgresql://dashboard:x@db.example/postgres",
  SESSION_SECRET: "the session secret of the dashboard",
  OIDC_CLIENT_SECRET: "x",
  VERCEL_OIDC_TOKEN: "x",
  AWS_SECRET_ACCESS_KEY: "x",
  NODE_OPTIONS: "--no-warnings",
  LD_PRELOAD: "",
  LD_LIBRARY_PATH: "/nowhere",
  PGPASSWORD: "x",
  https_proxy: "http://proxy.invalid",
};

before(async () => {
  site = await startSite(environment);
});
after(async () => {
  await site?.stop();
  standIn.remove();
});
beforeEach(() => standIn.does("echo done >&2"));

async function call(path, { of = site, headers = bearer, ...options } = {}) {
  const response = await fetch(of.url + path, { headers, redirect: "manual", ...options });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text && JSON.parse(text) };
}

const ran = { sync: "sync --time-limit 77", nightly: "nightly --time-limit 77" };
Object.assign(ran, { contacts: "contacts --time-limit 77", digests: "digest send --time-limit 77" });
Object.assign(ran, { check: "check", probe: "probe --format json" });
ran["backfill?since=2026-02-28"] = "backfill --since 2026-02-28 --time-limit 77";
ran["backfill?until=2026-03-01&since=2026-02-28"] = "backfill --since 2026-02-28 --until 2026-03-01 --time-limit 77";

for (const [path, command] of Object.entries(ran))
  for (const method of ["GET", "POST"])
    test(`${method} ${path} runs ${command}`, async () => {
      const { status, body } = await call(`/jobs/${path}`, { method });
      assert.equal(status, 200);
      const { seconds, ...rest } = body;
      assert.deepEqual(rest, {
        job: path.split("?")[0],
        exit: 0,
        message: "done",
        ...(path === "probe" && { probe: [] }),
      });
      assert.ok(seconds > 0 && seconds < 60, String(seconds));
      const { bundle } = standIn;
      assert.deepEqual(
        standIn.words().join(" "), // the loader's own words come first
        `--inhibit-cache --library-path ${bundle}/lib ${bundle}/bin/timesheetd ${command}`,
      );
    });

test("the program gets the variables of timesheetd and nothing else of the environment", async () => {
  await call("/jobs/sync");
  assert.deepEqual(standIn.environment(), {
    ...given,
    AIRTABLE_TABLE: standIn.folder,
    DATABASE_URL: jobsUrl,
    SSL_CERT_FILE: `${standIn.bundle}/share/ca-certificates.crt`,
  });
});

test("these are all the variables that timesheetd says it reads", () => {
  const help = execFileSync(process.env.TIMESHEETD, ["--help"], { encoding: "utf8" });
  const read = [...help.slice(help.indexOf("\nVariables")).matchAll(/^ {2}([A-Z_]+) /gm)].map(([, name]) => name);
  assert.ok(read.length > 30);
  assert.deepEqual(
    read.filter((name) => name !== "DATABASE_URL" && !programVariables.includes(name)),
    [],
  );
});

test("without the right secret nothing runs and nothing is said, whatever is asked", async () => {
  const wrong = [
    {},
    { authorization: "" },
    { authorization: "Bearer" },
    { authorization: `Bearer ${secret.slice(0, -1)}` },
    { authorization: `Bearer ${secret}x` },
    { authorization: `Bearer ${secret.slice(0, -1)}x` },
    { authorization: `Bearer ${secret.toUpperCase()}` },
    { authorization: `Basic ${Buffer.from(`x:${secret}`).toString("base64")}` },
    { authorization: secret },
    { cookie: `authorization=Bearer ${secret}`, "x-authorization": `Bearer ${secret}` },
  ];
  for (const name of [...names, "nothing", "backfill?since=never"])
    for (const headers of wrong) {
      const { status, body } = await call(`/jobs/${name}`, { headers });
      assert.equal(status, 401, name);
      assert.deepEqual(body, {
        job: name.split("?")[0],
        exit: null,
        seconds: 0,
        message: "the secret is missing or wrong",
      });
    }
  assert.equal((await call(`/jobs/sync?secret=${secret}&CRON_SECRET=${secret}`, { headers: {} })).status, 401);
  for (const method of ["POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD"]) {
    const { status, headers } = await call("/jobs/sync", { method, headers: {} });
    assert.equal(status, 401, method);
    assert.equal(headers.get("allow"), null);
  }
  assert.ok(!standIn.hasRun());
});

test("the word before the secret may be written in any case", async () => {
  assert.equal((await call("/jobs/sync", { headers: { authorization: `bearer ${secret}` } })).status, 200);
});

test("only GET and POST run a job", async () => {
  for (const method of ["PUT", "PATCH", "DELETE", "OPTIONS", "HEAD"]) {
    const { status, headers } = await call("/jobs/sync", { method });
    assert.deepEqual([status, headers.get("allow")], [405, "GET, POST"], method);
  }
  assert.ok(!standIn.hasRun());
});

test("another name is not found, and the names that there are are said", async () => {
  for (const name of ["metrics.txt", "run", "migrate", "replay", "Sync", "digest", "constructor", "__proto__"]) {
    const { status, body } = await call(`/jobs/${name}`);
    assert.equal(status, 404, name);
    for (const each of names) assert.match(body.message, new RegExp(`\\b${each}\\b`));
  }
  assert.ok(!standIn.hasRun());
});

test("only backfill takes parameters, and only days", async () => {
  const refusals = {
    "sync?since=2026-01-01": 'sync takes no parameters; leave out "since"',
    "check?send-test": 'check takes no parameters; leave out "send-test"',
    "contacts?allow-mass-deletion=1": 'contacts takes no parameters; leave out "allow-mass-deletion"',
    backfill: "backfill needs the first day, as in /jobs/backfill?since=2026-01-31",
    "backfill?until=2026-01-01": "backfill needs the first day, as in /jobs/backfill?since=2026-01-31",
    "backfill?since=": 'since is "", which is no day such as 2026-01-31',
    "backfill?since=2026-02-29": 'since is "2026-02-29", which is no day such as 2026-01-31',
    "backfill?since=2026-1-1": 'since is "2026-1-1", which is no day such as 2026-01-31',
    "backfill?since=--help": 'since is "--help", which is no day such as 2026-01-31',
    "backfill?since=2026-01-01&until=soon": 'until is "soon", which is no day such as 2026-01-31',
    "backfill?since=2026-01-02&until=2026-01-01": "until is 2026-01-01, before since, 2026-01-02",
    "backfill?since=2026-01-01&since=2026-01-02": "since is given more than once",
    "backfill?since=2026-01-01&config=%2Fetc%2Fpasswd":
      'backfill has no parameter "config"; give since and, if wanted, until',
  };
  for (const [path, message] of Object.entries(refusals)) {
    const { status, body } = await call(`/jobs/${path}`);
    assert.deepEqual([status, body.message], [400, message], path);
  }
  assert.ok(!standIn.hasRun());
});

test("contacts and digests do nothing where they are not configured, which is no failure", async () => {
  const other = await startSite({ ...environment, AIRTABLE_TOKEN: "", MAIL_PROVIDER: " " });
  try {
    for (const [name, variable] of [
      ["contacts", "AIRTABLE_TOKEN"],
      ["digests", "MAIL_PROVIDER"],
    ]) {
      const { status, body } = await call(`/jobs/${name}`, { of: other });
      assert.deepEqual([status, body.exit], [200, null]);
      assert.equal(body.message, `not configured (${variable}); there is nothing to do`);
      assert.equal((await call(`/jobs/${name}`, { of: other, headers: {} })).status, 401);
    }
    assert.ok(!standIn.hasRun());
    assert.equal((await call("/jobs/sync", { of: other })).status, 200);
  } finally {
    await other.stop();
  }
});

test("a body is ignored", async () => {
  for (const body of ['{"since":"2020-01-01","job":"backfill"}', "since=2020-01-01", "{", "x".repeat(10_000)]) {
    const { status } = await call("/jobs/nightly", { method: "POST", body });
    assert.equal(status, 200);
    assert.deepEqual(standIn.words().slice(4), ["nightly", "--time-limit", "77"]);
  }
});

test("a held lock is 409, every other failure 500, with the last line of the log", async () => {
  const line = "2026-11-29T22:12:43.669Z warning Organizations: attempt 2 of 5";
  for (const [shell, status, exit, message] of [
    [`echo '${line}' >&2; exit 75`, 409, 75, "Organizations: attempt 2 of 5"],
    [`echo '${line}' >&2; echo 'timesheetd: Jibble is away' >&2; echo >&2; exit 1`, 500, 1, "Jibble is away"],
    ["echo 'timesheetd: MAIL_FROM is not set' >&2; exit 2", 500, 2, "MAIL_FROM is not set"],
    [`echo '{"time":"x","level":"error","message":"a \\"word\\""}' >&2; exit 1`, 500, 1, 'a "word"'],
    ["printf 'no line end' >&2; exit 1", 500, 1, "no line end"],
    ["exit 127", 500, 127, "failed"],
    ["echo 'so far' >&2; kill -9 $$", 500, 137, "so far\ntimesheetd was ended by signal 9"],
    ["exit 0", 200, 0, "done"],
  ]) {
    standIn.does(shell);
    const answer = await call("/jobs/sync");
    assert.deepEqual([answer.status, answer.body.exit, answer.body.message], [status, exit, message], shell);
    assert.equal(answer.headers.get("cache-control"), "no-store");
    assert.match(answer.headers.get("content-type"), /^application\/json/);
  }
});

test("check answers with its whole report, probe with what it found", async () => {
  standIn.does(
    "echo 'ok      database  reached'; echo 'failed  mail  no key'; echo 'timesheetd: 1 failed' >&2; exit 1",
  );
  const check = await call("/jobs/check");
  assert.equal(check.status, 500);
  assert.equal(check.body.message, "ok      database  reached\nfailed  mail  no key\n1 failed");

  standIn.does(`echo '[{"id": "count", "holds": false}]'; echo 'timesheetd: 1 does not hold' >&2; exit 1`);
  const probe = await call("/jobs/probe");
  assert.equal(probe.status, 500);
  assert.deepEqual(probe.body.probe, [{ id: "count", holds: false }]);
  assert.equal(probe.body.message, "1 does not hold");
});

const openMetrics = "application/openmetrics-text; version=1.0.0; charset=utf-8";

test("metrics answers with what was printed, as OpenMetrics text", async () => {
  const text = '# TYPE timesheet_alerts_open gauge\ntimesheet_alerts_open{kind="stale_feed"} 0\n# EOF\n';
  standIn.does(`printf '%s' '${text}'; echo 'reads the metrics' >&2`);
  for (const method of ["GET", "POST"]) {
    const response = await fetch(`${site.url}/jobs/metrics`, { method, headers: bearer });
    assert.deepEqual(
      ["content-type", "cache-control", "content-security-policy"].map((name) => response.headers.get(name)),
      [openMetrics, "no-store", "default-src 'none'"],
    );
    assert.deepEqual([response.status, await response.text()], [200, text]);
    assert.deepEqual(standIn.words().slice(4), ["metrics"]);
  }
});

test("metrics that could not be read are no metrics, whatever was printed", async () => {
  standIn.does("echo '# TYPE a gauge'; echo 'timesheetd: the database cannot be reached' >&2; exit 1");
  const { status, headers, body } = await call("/jobs/metrics");
  assert.match(headers.get("content-type"), /^application\/json/);
  assert.deepEqual([status, body.exit, body.message], [500, 1, "the database cannot be reached"]);
  assert.equal((await call("/jobs/metrics?format=json")).status, 400);
});

test("no secret is in the metrics", async () => {
  standIn.does(`echo 'a{b="${given.ALERT_WEBHOOK_URL} ${secret}"} 1'; echo '# EOF'`);
  const response = await fetch(`${site.url}/jobs/metrics`, { headers: bearer });
  assert.equal(await response.text(), 'a{b="*** ***"} 1\n# EOF\n');
});

test("no secret is in an answer or in the function's log, however it is written", async () => {
  const secrets = ["JIBBLE_CLIENT_SECRET", "AIRTABLE_TOKEN", "RESEND_API_KEY", "LOOPS_API_KEY", "MAILGUN_API_KEY"];
  secrets.push("PORTAL_SECRET", "ALERT_WEBHOOK_URL", "HEARTBEAT_URL");
  const texts = [...secrets.map((name) => given[name]), secret, jobsUrl, password, "pass%252Fword%2Fof%20ana"];
  const formsOf = (text) => [text, encodeURIComponent(text), Buffer.from(text).toString("base64")];
  const logged = () => site.log().match(/before \*\*\*=* after/g)?.length ?? 0;
  const [earlier, begin] = [logged(), site.log().length];
  for (const text of texts)
    for (const form of formsOf(text)) {
      standIn.does(`echo 'before ${form} after' >&2; echo 'report ${form}'; exit 1`);
      const { body } = await call("/jobs/check");
      assert.match(body.message, /^report \*\*\*=*\nbefore \*\*\*=* after$/, form);
    }
  // Each call's line came, and none has a secret.
  const calls = texts.flatMap(formsOf).length;
  for (let tries = 0; tries < 100 && logged() < earlier + calls; tries += 1)
    await new Promise((resolve) => setTimeout(resolve, 20));
  assert.equal(logged(), earlier + calls);
  for (const form of texts.flatMap(formsOf)) assert.ok(!site.log().slice(begin).includes(form), form);
});

test("a pass goes on to its end when its caller is gone", async () => {
  standIn.does(`sleep 1.5; echo ended >"$AIRTABLE_TABLE/ended"`);
  rmSync(standIn.path("ended"), { force: true });
  await assert.rejects(call("/jobs/sync", { signal: AbortSignal.timeout(500) }), { name: "TimeoutError" });
  assert.ok(!existsSync(standIn.path("ended")));
  for (let tries = 0; tries < 100 && !existsSync(standIn.path("ended")); tries += 1)
    await new Promise((resolve) => setTimeout(resolve, 50));
  assert.ok(existsSync(standIn.path("ended")));
});

/** What a job answers that the platform ends; `ending` is what the program does then, null what SIGTERM does. */
async function answerAfterStop(job, ending) {
  const other = await startSite(environment);
  standIn.does(`${ending === null ? "" : `trap '${ending}' TERM`}
    echo >"$AIRTABLE_TABLE/begun"; while :; do sleep 0.1; done`);
  rmSync(standIn.path("begun"), { force: true });
  const answer = call(`/jobs/${job}`, { of: other });
  for (let tries = 0; tries < 100 && !existsSync(standIn.path("begun")); tries += 1)
    await new Promise((resolve) => setTimeout(resolve, 50));
  assert.ok(existsSync(standIn.path("begun")));
  process.kill(other.pid, "SIGTERM");
  const { status, body } = await answer;
  await other.ended;
  return [status, body.exit, body.message];
}

const inOrder = "stopped by SIGTERM of the platform; what was done is kept, and the next call goes on";

test("a pass that SIGTERM of the platform ends in order is no failure", async () => {
  const stop = 'echo "timesheetd: stopped by SIGTERM" >&2; exit 1';
  for (const job of ["sync", "nightly", "contacts", "digests", "backfill?since=2026-02-28"])
    assert.deepEqual(await answerAfterStop(job, stop), [200, 1, inOrder], job);
  const json = `echo "{\\"level\\":\\"error\\",\\"message\\":\\"stopped by SIGTERM\\"}" >&2; exit 1`;
  assert.deepEqual(await answerAfterStop("sync", json), [200, 1, inOrder]);
  // before it catches signals
  assert.deepEqual(await answerAfterStop("sync", null), [200, 143, inOrder]);
});

test("what SIGTERM of the platform does not end in order is answered as it ended", async () => {
  for (const [job, ending, ...answer] of [
    ["sync", 'echo "timesheetd: the database is gone" >&2; exit 1', 500, 1, "the database is gone"],
    ["sync", 'echo "timesheetd: MAIL_FROM: stopped by SIGTERM" >&2; exit 2', 500, 2, "MAIL_FROM: stopped by SIGTERM"],
    ["sync", 'echo "sync finished" >&2; exit 0', 200, 0, "sync finished"],
    ["sync", 'echo "another pass has the lock" >&2; exit 75', 409, 75, "another pass has the lock"],
    // They were asked a question, which no later call answers.
    ["check", 'echo "timesheetd: stopped by SIGTERM" >&2; exit 1', 500, 1, "stopped by SIGTERM"],
    ["probe", 'echo "timesheetd: stopped by SIGTERM" >&2; exit 1', 500, 1, "stopped by SIGTERM"],
    ["metrics", 'echo "timesheetd: stopped by SIGTERM" >&2; exit 1', 500, 1, "stopped by SIGTERM"],
  ])
    assert.deepEqual(await answerAfterStop(job, ending), answer, `${job}: ${ending}`);
});

test("a pass that says it was stopped, by other than the platform, has failed", async () => {
  standIn.does('echo "timesheetd: stopped by SIGTERM" >&2; exit 1');
  const { status, body } = await call("/jobs/sync");
  assert.deepEqual([status, body.exit, body.message], [500, 1, "stopped by SIGTERM"]);
  standIn.does("kill -15 $$");
  assert.deepEqual((await call("/jobs/sync")).status, 500);
});

test("what does not end itself is asked to stop, then killed", async () => {
  const run = (shell) => {
    standIn.does(shell);
    return runProgram({
      bundle: standIn.bundle,
      words: ["check"],
      environment: { AIRTABLE_TABLE: standIn.folder },
      longest: 300,
      scrub: (text) => text,
    });
  };
  const stopped = await run("trap 'echo stopped >&2; exit 1' TERM; while :; do sleep 0.1; done");
  assert.deepEqual([stopped.exit, stopped.lastLine], [1, "stopped"]);
  const killed = await run("trap '' TERM; while :; do sleep 0.1; done");
  assert.equal(killed.exit, 137);
  assert.ok(killed.seconds > 7 && killed.seconds < 15, String(killed.seconds));
});

test("what has no time limit of its own is asked to stop at JOB_SECONDS", async () => {
  const other = await startSite({ ...environment, JOB_SECONDS: "1" });
  try {
    for (const name of ["check", "probe", "metrics"]) {
      standIn.does("trap 'echo stopped >&2; exit 1' TERM; while :; do sleep 0.1; done");
      const { status, body } = await call(`/jobs/${name}`, { of: other });
      assert.deepEqual([status, body.message], [500, "stopped"], name);
      assert.ok(body.seconds >= 1 && body.seconds < 10, String(body.seconds));
    }
  } finally {
    await other.stop();
  }
});

test("without a bundle the answer says what makes one", async () => {
  const other = await startSite({ ...environment, JOBS_BUNDLE: standIn.path("nothing") });
  try {
    const { status, body } = await call("/jobs/sync", { of: other });
    assert.equal(status, 500);
    assert.match(body.message, /^timesheetd could not be started: .*; deploy what make vercel builds/);
    assert.ok(!JSON.stringify(body).includes(secret));
    // The site goes on.
    assert.equal((await call("/jobs/nothing", { of: other })).status, 404);
  } finally {
    await other.stop();
  }
});

test("without a secret of 32 characters or without a database there are no jobs, and the log says why", async () => {
  const short = "x".repeat(31);
  const other = await startSite({ ...environment, CRON_SECRET: short });
  try {
    for (const sent of [short, secret, ""])
      for (const name of ["sync", "nothing"]) {
        const { status, body } = await call(`/jobs/${name}`, {
          of: other,
          headers: { authorization: `Bearer ${sent}` },
        });
        assert.deepEqual([status, body.message], [404, "not found"]);
      }
    assert.match(other.log(), /\/jobs answers 404: CRON_SECRET is shorter than 32 characters; make one by/);
  } finally {
    await other.stop();
  }
  assert.ok(!standIn.hasRun());
  const warnings = [
    [{ CRON_SECRET: "" }, "/jobs answers 404: CRON_SECRET is not set"],
    [{ JOBS_DATABASE_URL: " " }, "/jobs answers 404: JOBS_DATABASE_URL is not set"],
    [
      { CRON_SECRET: "", JOBS_DATABASE_URL: "" },
      "/jobs answers 404: CRON_SECRET is not set; JOBS_DATABASE_URL is not set",
    ],
  ];
  for (const [changes, warning] of warnings)
    assert.deepEqual(readJobs({ ...environment, ...changes }), { jobs: null, warning });
  // Most deployments of the dashboard have none.
  assert.deepEqual(readJobs({}), { jobs: null, warning: null });
  assert.equal(readJobs({ CRON_SECRET: "x".repeat(32), JOBS_DATABASE_URL: "x" }).jobs.seconds, 240);
});

test("a time limit that cannot be kept, or the dashboard's database, is an error at the start", async () => {
  const whole = { CRON_SECRET: "x".repeat(32), JOBS_DATABASE_URL: "postgresql://ingest@x/y" };
  const problemOf = (changes) => readJobs({ ...whole, ...changes }).jobs.problem;
  for (const wrong of ["0", "-1", "251", "1.5", "4 min"])
    assert.equal(
      problemOf({ JOB_SECONDS: wrong }),
      `the jobs are not configured: JOB_SECONDS is "${wrong}", which is no whole number from 1 to 250`,
    );
  assert.equal(problemOf({ JOB_SECONDS: "250" }), null);
  assert.equal(readJobs({ ...whole, JOB_SECONDS: "250" }).jobs.seconds, 250);
  assert.equal(
    problemOf({ DATABASE_URL: whole.JOBS_DATABASE_URL }),
    "the jobs are not configured: JOBS_DATABASE_URL is DATABASE_URL: it is for the role timesheet_ingest",
  );
  const other = await startSite({ ...environment, JOB_SECONDS: "0" });
  assert.equal(await other.ended, 1);
  assert.match(other.log(), /the jobs are not configured: JOB_SECONDS is "0", which is no whole number/);
});

test("the platform's time for the function is above that of the longest pass", () => {
  // A pass and its last seconds end before the platform ends the function.
  const route = readFileSync(new URL("../src/app/jobs/[job]/route.ts", import.meta.url), "utf8");
  assert.ok(250 + 35 + 7 < Number(/maxDuration = (\d+);/.exec(route)[1]));
});

test("on Vercel, where nothing ends at the start, what is wrong is for those who have the secret", async () => {
  const dashboard = { ...environment, WEB_PARTS: "", SESSION_SECRET: "too-short" };
  for (const [changes, message] of [
    [{ JOB_SECONDS: "4 min" }, /^the jobs are not configured: JOB_SECONDS is "4 min", which is no whole number/],
    [{ WEB_PARTS: "jobs,dashbord" }, /^the jobs are not configured: WEB_PARTS has "dashbord", which is no part/],
    [{ WEB_PARTS: "dashboard,jobs", DATABASE_URL: jobsUrl }, /^the jobs are not configured: JOBS_DATABASE_URL is DATA/],
    // The jobs need nothing of the dashboard's.
    [dashboard, null],
  ]) {
    const other = await startSite({ ...environment, ...changes, VERCEL: "1" });
    try {
      for (const name of ["sync", "check", "backfill?since=never", "nothing"])
        for (const method of ["GET", "POST", "PUT"])
          for (const headers of [{}, { authorization: `Bearer ${secret}x` }]) {
            const { status, body } = await call(`/jobs/${name}`, { of: other, method, headers });
            const expected = { exit: null, seconds: 0, message: "the secret is missing or wrong" };
            assert.deepEqual([status, body], [401, { job: name.split("?")[0], ...expected }]);
          }
      const { status, body } = await call("/jobs/sync", { of: other });
      if (message === null) assert.deepEqual([status, body.message], [200, "done"]);
      else {
        assert.equal(status, 500);
        assert.match(body.message, message);
        assert.equal(body.exit, null);
        assert.match(other.log(), new RegExp(message.source.replace("^", ""))); // once it started
        assert.ok(!standIn.hasRun());
      }
      // Pages say nothing of it either.
      if (changes !== dashboard && !changes.WEB_PARTS?.includes("dashbord")) continue;
      const page = await fetch(`${other.url}/clients`, { redirect: "manual" });
      const text = await page.text();
      assert.deepEqual(
        [page.status, text],
        [500, "This deployment is not configured. Its log says what is missing.\n"],
      );
      assert.match(other.log(), /SESSION_SECRET is shorter than 32 characters|WEB_PARTS has "dashbord"/);
    } finally {
      await other.stop();
    }
  }
});

test("on Vercel too, jobs without a secret or a database are 404, whatever else is wrong", async () => {
  for (const changes of [{ CRON_SECRET: "" }, { CRON_SECRET: "x".repeat(31) }, { JOBS_DATABASE_URL: "" }]) {
    const other = await startSite({ ...environment, ...changes, VERCEL: "1", JOB_SECONDS: "0", WEB_PARTS: "job" });
    try {
      for (const headers of [{}, bearer, { authorization: `Bearer ${"x".repeat(31)}` }]) {
        const { status, body } = await call("/jobs/sync", { of: other, headers });
        assert.deepEqual([status, body], [404, { job: "sync", exit: null, seconds: 0, message: "not found" }]);
      }
    } finally {
      await other.stop();
    }
  }
  assert.ok(!standIn.hasRun());
});
