// WEB_PARTS: each part starts with its own variables alone and serves nothing of the others.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { after, test } from "node:test";
import { readJobs } from "../src/config/jobs.ts";
import { partsOf } from "../src/config/parts.ts";
import { readPortal } from "../src/config/portal.ts";
import { programVariables } from "../src/jobs/environment.ts";
import { makeStandIn } from "./stand_in.mjs";
import { secret, startSite } from "./world.mjs";

const standIn = makeStandIn();
standIn.does("exit 0");
after(() => standIn.remove());

const dashboard = {
  WEB_BASE_URL: "https://hours.example",
  OIDC_ISSUER: "http://127.0.0.1:9",
  OIDC_CLIENT_ID: "x",
  OIDC_CLIENT_SECRET: "x",
  SESSION_SECRET: secret,
  ALLOWED_DOMAINS: "agency.example",
};
const jobs = {
  CRON_SECRET: secret,
  JOBS_DATABASE_URL: "postgresql://ingest@127.0.0.1:9/x",
  JOBS_BUNDLE: standIn.bundle,
  AIRTABLE_TABLE: standIn.folder,
};
const portal = {
  PORTAL_DATABASE_URL: "postgresql://portal@127.0.0.1:9/x",
  PORTAL_URL: "https://hours.example/portal",
};
const portalPages = [
  "/portal",
  "/portal/link",
  "/portal/digests/1/mail",
  "/portal/csv",
  "/portal?token=x",
  "/portal/x",
];
const pages = ["/", "/clients", "/agents/1/2026-11-17", "/entries/csv", "/health", "/sign-in", "/sign-in/start"];
pages.push("/sign-in/callback", "/sign-out", "/unsubscribe?token=x", "/nothing", "/jobs", "/jobs/sync/x");

const staticFiles = new URL("../.next/static/", import.meta.url);
/** What browsers load for pages: each kind of file, and the icon. */
const files = ["/icon.svg"];
for (const kind of [".js", ".css"])
  files.push(
    `/_next/static/${readdirSync(staticFiles, { recursive: true })
      .filter((name) => name.endsWith(kind))
      .sort()
      .at(0)}`,
  );

async function withSite(environment, questions) {
  const site = await startSite(environment);
  try {
    await questions(
      async (path, options) => (await fetch(site.url + path, { redirect: "manual", ...options })).status,
      site,
    );
  } finally {
    await site.stop();
  }
}

async function servesNoPage(status) {
  for (const path of [
    ...pages,
    ...portalPages,
    ...files,
    "/_next/static/nothing.js",
    "/_next/image?url=%2Ficon.svg&w=16&q=75",
    "/_next",
  ])
    for (const options of [{}, { headers: { RSC: "1" } }, { method: "POST" }])
      assert.equal(await status(path, options), 404, `${path} ${JSON.stringify(options)}`);
}

const authorized = { headers: { authorization: `Bearer ${secret}` } };

test("the jobs alone need no variable of the dashboard, and show no page", async () => {
  await withSite({ ...jobs, WEB_PARTS: "jobs", DATABASE_URL: "" }, async (status) => {
    assert.equal(await status("/jobs/sync", authorized), 200);
    assert.equal(await status("/jobs/sync"), 401);
    await servesNoPage(status);
  });
});

test("the dashboard alone needs no variable of the jobs, and runs none", async () => {
  standIn.does("exit 0"); // forgets that it ran
  await withSite({ ...dashboard, WEB_PARTS: "dashboard" }, async (status, site) => {
    assert.equal(await status("/sign-in"), 200);
    assert.equal(await status("/clients"), 307);
    for (const path of files) assert.equal(await status(path), 200, path);
    for (const job of ["sync", "nightly", "contacts", "digests", "check", "probe", "backfill?since=2026-01-31", "x"])
      for (const method of ["GET", "POST", "PUT", "HEAD"])
        for (const options of [{}, authorized]) {
          const answer = await fetch(`${site.url}/jobs/${job}`, { method, ...options });
          assert.equal(answer.status, 404, job);
          const body = { job: job.split("?")[0], exit: null, seconds: 0, message: "not found" };
          if (method !== "HEAD") assert.deepEqual(await answer.json(), body);
        }
    assert.ok(!standIn.hasRun());
  });
  assert.notEqual(readJobs({ ...jobs, WEB_PARTS: "jobs" }).jobs, null);
  assert.deepEqual(readJobs({ ...jobs, WEB_PARTS: "dashboard" }), { jobs: null, warning: null });
});

test("with the jobs' variables too, a dashboard that is served alone runs none", async () => {
  await withSite({ ...dashboard, ...jobs, WEB_PARTS: "dashboard" }, async (status) => {
    for (const options of [{}, authorized]) assert.equal(await status("/jobs/sync", options), 404);
  });
  assert.ok(!standIn.hasRun());
});

test("the portal alone needs no variable of another part, and serves nothing of theirs", async () => {
  await withSite({ ...jobs, ...portal, WEB_PARTS: "portal", DATABASE_URL: "" }, async (status, site) => {
    assert.equal(await status("/portal/link"), 200);
    assert.equal(await status("/portal"), 307);
    for (const path of files) assert.equal(await status(path), 200, path);
    for (const path of pages) assert.equal(await status(path), 404, path);
    assert.equal(await status("/jobs/sync", authorized), 404);
    assert.doesNotMatch(site.log(), /404|not set/);
  });
});

test("the portal without its connection serves nothing, and says so where it is wanted", async () => {
  await withSite({ ...jobs, WEB_PARTS: "portal", DATABASE_URL: "" }, async (status, site) => {
    await servesNoPage(status);
    assert.match(site.log(), /\/portal answers 404: PORTAL_DATABASE_URL is not set/);
  });
  await withSite(dashboard, async (status, site) => {
    for (const path of portalPages) assert.equal(await status(path), 404, path);
    assert.equal(await status("/clients"), 307);
    assert.doesNotMatch(site.log(), /portal/);
  });
  const warning = "/portal answers 404: PORTAL_DATABASE_URL is not set";
  for (const wanted of [{ PORTAL_NAME: "Agency" }, { PORTAL_LOGO: "/logo.svg" }, { WEB_PARTS: "portal,jobs" }])
    assert.deepEqual(readPortal(wanted), { portal: null, problem: null, warning });
  // What timesheetd needs for its e-mails does not mean that the pages are here.
  for (const other of [{}, { PORTAL_URL: portal.PORTAL_URL, PORTAL_SECRET: secret }, { ...portal, WEB_PARTS: "jobs" }])
    assert.deepEqual(readPortal(other), { portal: null, problem: null, warning: null });
});

test("what is wrong with the portal's variables is said at the start, all at once", async () => {
  const site = await startSite({
    ...portal,
    WEB_PARTS: "portal",
    DATABASE_URL: "",
    PORTAL_URL: "http://hours.example",
  });
  assert.equal(await site.ended, 1);
  assert.match(site.log(), /the portal is not configured: PORTAL_URL is "http:\/\/hours.example", which is no address/);
  const problemOf = (changes) => readPortal({ ...portal, ...changes }).problem;
  assert.equal(problemOf({}), null);
  for (const url of [
    "https://x.example/portal/",
    "https://x.example/hours",
    "https://x.example/portal?a=b",
    "x",
    "/portal",
  ])
    assert.match(problemOf({ PORTAL_URL: url }), /^the portal is not configured: PORTAL_URL is "/, url);
  for (const url of ["https://a:b@x.example/portal", "https://x.example/portal#x", "javascript:/portal"])
    assert.match(problemOf({ PORTAL_URL: url }), /PORTAL_URL is "/, url);
  assert.match(problemOf({ PORTAL_URL: " " }), /PORTAL_URL is not set: give the address of the portal/);
  assert.equal(problemOf({ PORTAL_URL: "http://127.0.0.1:3000/portal" }), null);
  for (const logo of ["/logo.svg", "/logos/a%20b.png", "https://agency.example/logo.svg?v=1"])
    assert.equal(problemOf({ PORTAL_LOGO: logo }), null, logo);
  for (const logo of ["logo.svg", "//evil.example/x", "http://agency.example/x", "data:image/png;base64,x", '/"><b>'])
    assert.match(problemOf({ PORTAL_LOGO: logo }), /PORTAL_LOGO is "/, logo);
  assert.match(problemOf({ PORTAL_NAME: "x".repeat(101) }), /PORTAL_NAME has more than 100 characters/);
  for (const same of ["DATABASE_URL", "UNSUBSCRIBE_DATABASE_URL", "OPERATOR_DATABASE_URL", "JOBS_DATABASE_URL"])
    assert.match(
      problemOf({ [same]: portal.PORTAL_DATABASE_URL }),
      new RegExp(`PORTAL_DATABASE_URL is ${same}: it is for the role timesheet_portal`),
    );
  assert.match(problemOf({ PORTAL_URL: "x", PORTAL_LOGO: "x" }), /PORTAL_URL is .*; PORTAL_LOGO is /);
});

test("without WEB_PARTS all parts are served", async () => {
  await withSite({ ...dashboard, ...jobs, ...portal }, async (status) => {
    assert.equal(await status("/portal/link"), 200);
    assert.equal(await status("/clients"), 307);
    assert.equal(await status("/jobs/sync", authorized), 200);
  });
});

test("parts are named in any order, with blanks", () => {
  assert.deepEqual([...partsOf(undefined)], ["dashboard", "portal", "jobs"]);
  assert.deepEqual([...partsOf("  ")], ["dashboard", "portal", "jobs"]);
  assert.deepEqual([...partsOf(" jobs , dashboard")], ["jobs", "dashboard"]);
});

test("an unknown part is an error at the start", async () => {
  const site = await startSite({ ...dashboard, ...jobs, WEB_PARTS: "dashboard,job" });
  assert.equal(await site.ended, 1);
  assert.match(site.log(), /WEB_PARTS has "job", which is no part; give some of dashboard,portal,jobs/);
  for (const [wrong, part] of Object.entries({ Jobs: "Jobs", "jobs,": "", "jobs;dashboard": "jobs;dashboard" }))
    assert.throws(() => partsOf(wrong), { message: new RegExp(`^WEB_PARTS has "${part}", which is no part`) });
});

test("the dashboard's variables are still required where it is served", async () => {
  const site = await startSite({ ...jobs, WEB_PARTS: "dashboard,jobs" });
  assert.equal(await site.ended, 1);
  assert.match(site.log(), /the dashboard is not configured: .*SESSION_SECRET is not set/);
});

test("no variable of the server is named in what browsers get", () => {
  const sources = new URL("../src/", import.meta.url);
  const texts = (folder, kind) =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && kind.test(entry.name))
      .map(({ parentPath, name }) => [name, readFileSync(`${parentPath}/${name}`, "utf8")]);
  const read = texts(sources, /\.tsx?$/).flatMap(([, text]) =>
    [...text.matchAll(/(?:environment|process\.env)\.([A-Z][A-Z_]+)|\b(?:required|url)\("([A-Z_]+)"\)/g)].map(
      ([, member, argument]) => member ?? argument,
    ),
  );
  const names = new Set([...read, ...programVariables, "CRON_SECRET", "JOBS_DATABASE_URL"]);
  for (const name of ["NODE_ENV", "NEXT_RUNTIME"]) names.delete(name); // Next.js's own
  for (const name of [
    "DATABASE_URL",
    "SESSION_SECRET",
    "OIDC_CLIENT_SECRET",
    "WEB_PARTS",
    "JOBS_BUNDLE",
    "PORTAL_SECRET",
    "PORTAL_DATABASE_URL",
  ])
    assert.ok(names.has(name), name);
  const files = texts(new URL("../.next/static/", import.meta.url), /./);
  assert.ok(files.some(([name]) => name.endsWith(".js")) && files.some(([name]) => name.endsWith(".css")));
  for (const [file, text] of files)
    for (const name of names) assert.ok(!new RegExp(`\\b${name}\\b`).test(text), `${file} names ${name}`);
});
