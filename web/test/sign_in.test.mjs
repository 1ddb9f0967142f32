// Nothing is visible without signing in, at a real provider, as a person on the allow list.
import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { after, before, test } from "node:test";
import { startProvider } from "./provider.mjs";
import { freePort, owner, secret, startBrowser, startSite } from "./world.mjs";

let provider, site, browser, environment;
const started = [];

before(async () => {
  const [port, providerPort] = [await freePort(), await freePort()];
  provider = await startProvider(`http://127.0.0.1:${port}/sign-in/callback`, providerPort);
  environment = {
    WEB_BASE_URL: `http://127.0.0.1:${port}`,
    OIDC_ISSUER: provider.issuer,
    OIDC_CLIENT_ID: "timesheet-web",
    OIDC_CLIENT_SECRET: "the client's secret",
    SESSION_SECRET: secret,
    ALLOWED_DOMAINS: "agency.example",
    ALLOWED_ADDRESSES: "guest@elsewhere.example",
  };
  site = await startSite(environment, { port });
  browser = await startBrowser();
});
after(async () => {
  await browser?.close();
  await site?.stop();
  for (const each of started) await each.stop();
  await provider?.stop();
});

/** Signs in on the provider's own pages; ends where they redirect. */
async function signIn(page, address, path = "/") {
  await page.goto(site.url + path);
  await page.getByRole("link", { name: "Continue to sign in" }).click();
  await page.locator("input[name=login]").fill(address);
  await page.locator("input[name=password]").fill("anything");
  await page.locator("button[type=submit]").click();
  await page.locator("button[type=submit]").click(); // consent
  await page.waitForURL((url) => url.origin === site.url);
}

async function withPage(questions) {
  const context = await browser.newContext();
  try {
    await questions(await context.newPage(), context);
  } finally {
    await context.close();
  }
}

// Every page and export, from the source files: a new one is covered without being listed here.
// Unsubscribing and jobs are no part of the dashboard: unsubscribe.test.mjs, jobs.test.mjs.
const open = ["/sign-in", "/sign-in/start", "/sign-in/callback", "/sign-out"];
const app = new URL("../src/app/(dashboard)/", import.meta.url);
const paths = readdirSync(app, { recursive: true })
  .filter((file) => /(^|\/)(page\.tsx|route\.ts)$/.test(file))
  .map((file) => `/${file.replace(/\/?(page\.tsx|route\.ts)$/, "")}`)
  .filter((path) => !open.includes(path))
  .map((path) =>
    path
      .replace("/entries/[id]", "/entries/00000000-0000-0000-0000-000000000000")
      .replace("[day]", "2026-11-17")
      .replaceAll(/\[\w+\]/g, "1"),
  )
  .sort();

test("every page and export is in the list", () => {
  assert.ok(
    paths.length >= 23 &&
      paths.includes("/") &&
      paths.includes("/digests/1/mail") &&
      paths.includes("/agents/1/2026-11-17"),
    paths.join(" "),
  );
  assert.ok(!paths.some((path) => path.includes("[")));
});

test("without signing in, every page and export redirects to the sign-in and shows nothing", async () => {
  const sql = owner();
  const [{ name }] = await sql`SELECT name FROM timesheet.client_groups LIMIT 1`;
  await sql.end();
  for (const path of paths)
    for (const headers of [
      {},
      { RSC: "1" },
      { "x-timesheet-path": "https://evil.example/" },
      { cookie: "timesheet-session=forged" },
      { "x-middleware-subrequest": "src/proxy:src/proxy:src/proxy:src/proxy:src/proxy" },
    ]) {
      let response = await fetch(site.url + path, { redirect: "manual", headers });
      // Next.js first redirects its own requests to an address that marks them.
      if (response.headers.get("location")?.endsWith("_rsc"))
        response = await fetch(new URL(response.headers.get("location"), site.url), { redirect: "manual", headers });
      const body = await response.text();
      assert.ok(response.status === 307 || body.includes("/sign-in"), `${path} answered ${response.status}`);
      assert.ok(!body.includes(name) && !body.includes("data-table"), path);
      if (response.headers.get("location"))
        assert.match(response.headers.get("location"), /^(http:\/\/127\.0\.0\.1:\d+)?\/sign-in/);
    }
});

test("a person of an allowed domain signs in and returns to the requested page, with its state", async () => {
  await withPage(async (page, context) => {
    await signIn(page, "Ana@Agency.example", "/clients?from=2026-11-16&to=2026-11-22&q=re");
    assert.equal(page.url(), `${site.url}/clients?from=2026-11-16&to=2026-11-22&q=re`);
    assert.ok((await page.locator("table tbody tr").count()) > 1);
    assert.equal(await page.locator(".person .address").textContent(), "Ana@Agency.example");
    const session = (await context.cookies()).find((cookie) => cookie.name === "timesheet-session");
    assert.deepEqual([session.httpOnly, session.sameSite], [true, "Lax"]);
    assert.ok(!session.value.includes("gency"));
    assert.ok(!(await context.cookies()).some((cookie) => cookie.name === "timesheet-sign-in"));
    const exported = await context.request.get(`${site.url}/clients/csv?from=2026-11-16&to=2026-11-22`);
    assert.match(exported.headers()["content-type"], /text\/csv/);

    await page.getByRole("button", { name: "Sign out" }).click();
    await page.waitForURL(/sign-in/);
    await page.goto(`${site.url}/agents`);
    assert.match(page.url(), /\/sign-in\?next=%2Fagents/);
  });
});

test("a sign-out sent by another site is refused", async () => {
  for (const headers of [
    {},
    { origin: "https://evil.example" },
    { origin: "null" },
    { origin: site.url.replace("127.0.0.1", "localhost") },
  ]) {
    const response = await fetch(`${site.url}/sign-out`, { method: "POST", redirect: "manual", headers });
    assert.equal(response.status, 403, JSON.stringify(headers));
    assert.equal(response.headers.get("set-cookie"), null);
  }
  const response = await fetch(`${site.url}/sign-out`, {
    method: "POST",
    redirect: "manual",
    headers: { origin: site.url },
  });
  assert.equal(response.status, 303);
  assert.match(response.headers.get("set-cookie"), /timesheet-session=;/);
});

test("who works now goes by the clock", async () => {
  await withPage(async (page) => {
    const sql = owner();
    const [agent] = await sql`
      SELECT a.agent_id AS id, a.client_group_id AS client FROM timesheet.agents AS a WHERE a.status = 'Joined'
      ORDER BY a.agent_id LIMIT 1`;
    await sql`
      INSERT INTO timesheet.time_entries (jibble_activity_id, agent_id, client_group_id, start_time_utc, raw_type,
        time_zone, workday, workday_end)
      VALUES (gen_random_uuid(), ${agent.id}, ${agent.client}, now() - interval '30 minutes', 'In', 'UTC',
        (now() AT TIME ZONE 'UTC')::date, now() + interval '12 hours')`;
    const expected = await sql`
      SELECT l.agent_id::text AS id FROM timesheet.session_log AS l WHERE l.workday > current_date - 3
        AND l.end_reason = 'running' AND l.started_at <= now() ORDER BY l.agent, l.started_at`;
    await signIn(page, "ana@agency.example");
    assert.ok(expected.some((row) => row.id === String(agent.id)));
    assert.deepEqual(
      await page.locator(".working li").evaluateAll((all) => all.map((each) => each.dataset.agent)),
      expected.map((row) => row.id),
    );
    await sql.end();
  });
});

test("an allowed address of another domain signs in", () =>
  withPage(async (page) => {
    await signIn(page, "guest@elsewhere.example");
    assert.equal(await page.locator("h1").textContent(), "Overview");
  }));

for (const address of [
  "eve@elsewhere.example",
  "eve@sub.agency.example",
  "eve@agency.example.evil.example",
  "eve@notagency.example",
])
  test(`${address} is refused, with a message`, () =>
    withPage(async (page, context) => {
      await signIn(page, address);
      assert.match(page.url(), /\/sign-in\?problem=refused/);
      assert.match(await page.locator("main [role=alert]").textContent(), /not on the list/);
      assert.ok(!(await context.cookies()).some((cookie) => cookie.name === "timesheet-session"));
      await page.goto(site.url);
      assert.match(page.url(), /\/sign-in/);
    }));

test("an address that the provider has not verified is refused", () =>
  withPage(async (page) => {
    await signIn(page, "unverified-ana@agency.example");
    assert.match(page.url(), /problem=unverified/);
  }));

test("an answer without an attempt, or for another attempt, does not sign in", () =>
  withPage(async (page, context) => {
    await page.goto(`${site.url}/sign-in/callback?code=stolen&state=guessed`);
    assert.match(page.url(), /problem=expired/);
    await page.goto(`${site.url}/sign-in`);
    await page.getByRole("link", { name: "Continue to sign in" }).click();
    await page.locator("input[name=login]").waitFor();
    await page.goto(`${site.url}/sign-in/callback?code=stolen&state=guessed`);
    assert.match(page.url(), /problem=failed/);
    assert.ok(!(await context.cookies()).some((cookie) => cookie.name === "timesheet-session"));
  }));

test("a sign-in only leads to pages of the dashboard", async () => {
  for (const next of [
    "https://evil.example/",
    "//evil.example/",
    "/\\evil.example/",
    "/%09/evil.example",
    "javascript:alert(1)",
    "/sign-out",
  ]) {
    const html = await (await fetch(`${site.url}/sign-in?next=${encodeURIComponent(next)}`)).text();
    const start = /href="(\/sign-in\/start[^"]*)"/.exec(html)[1];
    const target = new URL(new URL(start, site.url).searchParams.get("next") ?? "/", site.url);
    assert.equal(target.origin, site.url, next);
    assert.ok(!target.pathname.startsWith("/sign-"), next);
  }
});

test("meaningless parameters show the plain sign-in page", async () => {
  for (const query of [
    "problem=constructor",
    "problem=__proto__",
    "problem=toString&next=constructor",
    "problem[]=expired",
    "__proto__=expired",
  ]) {
    const response = await fetch(`${site.url}/sign-in?${query}`);
    assert.equal(response.status, 200, query);
    assert.ok(!(await response.text()).includes('role="alert"'), query);
  }
  assert.doesNotMatch(site.log(), /⨯/);
});

test("a session ends when it expires, and a changed one is invalid", async () => {
  const short = await startSite({ ...environment, SESSION_HOURS: "0.001" }, { port: await freePort() });
  started.push(short);
  await withPage(async (page, context) => {
    await signIn(page, "ana@agency.example");
    const session = (await context.cookies()).find((cookie) => cookie.name === "timesheet-session").value;
    const asks = (at, cookie) =>
      fetch(`${at.url}/agents`, { redirect: "manual", headers: { cookie: `timesheet-session=${cookie}` } });
    assert.equal((await asks(site, session)).status, 200);
    const middle = Math.floor(session.length / 2);
    const changed = session.slice(0, middle) + (session[middle] === "A" ? "B" : "A") + session.slice(middle + 1);
    assert.equal((await asks(site, changed)).status, 307);

    // The same key and list, but sessions of 3.6 seconds: made and used there.
    const { EncryptJWT } = await import("jose");
    const { createHash } = await import("node:crypto");
    const seal = (purpose, seconds, address = "ana@agency.example") =>
      new EncryptJWT({ address })
        .setProtectedHeader({ alg: "dir", enc: "A256GCM" })
        .setIssuedAt()
        .setExpirationTime(Math.floor(Date.now() / 1000) + seconds)
        .encrypt(createHash("sha256").update(`${purpose}\n${secret}`).digest());
    assert.equal((await asks(short, await seal("session", 60))).status, 200);
    assert.equal((await asks(short, await seal("session", -1))).status, 307);
    assert.equal((await asks(short, await seal("sign-in", 60))).status, 307, "a sealed sign-in attempt is no session");
    assert.equal(
      (await asks(short, await seal("session", 60, "eve@elsewhere.example"))).status,
      307,
      "a person removed from the list is out at once",
    );
  });
});

test("the browser keeps a session no longer than its hours", async () => {
  const port = await freePort();
  const own = await startProvider(`http://127.0.0.1:${port}/sign-in/callback`, await freePort());
  const short = await startSite(
    { ...environment, WEB_BASE_URL: `http://127.0.0.1:${port}`, OIDC_ISSUER: own.issuer, SESSION_HOURS: "0.001" },
    { port },
  );
  const before = site;
  try {
    site = short;
    await withPage(async (page) => {
      await signIn(page, "ana@agency.example");
      assert.equal(await page.locator("h1").textContent(), "Overview");
      await page.waitForTimeout(4000);
      await page.goto(`${short.url}/agents`);
      assert.match(page.url(), /\/sign-in\?next=%2Fagents/);
    });
  } finally {
    site = before;
    await short.stop();
    await own.stop();
  }
});

test("every answer has the security headers; scripts run only by nonce, a new one each time", async () => {
  const nonces = new Set();
  for (const path of ["/sign-in", "/clients", "/clients/csv", "/nowhere"]) {
    const response = await fetch(site.url + path, { redirect: "manual" });
    const policy = response.headers.get("content-security-policy");
    assert.match(policy, /default-src 'none'/);
    assert.match(policy, /script-src 'nonce-[\w-]+' 'strict-dynamic'(;|$)/);
    assert.match(policy, /frame-ancestors 'none'/);
    assert.doesNotMatch(policy, /unsafe|\*|https?:/);
    nonces.add(/nonce-([\w-]+)/.exec(policy)[1]);
    assert.equal(response.headers.get("x-content-type-options"), "nosniff");
    assert.equal(response.headers.get("x-frame-options"), "DENY");
    assert.match(response.headers.get("strict-transport-security"), /max-age=\d{8}/);
    assert.equal(response.headers.get("x-powered-by"), null);
  }
  assert.equal(nonces.size, 4);
  await withPage(async (page) => {
    const refused = [];
    page.on("console", (message) => /Content Security Policy/.test(message.text()) && refused.push(message.text()));
    await signIn(page, "ana@agency.example");
    await page.getByRole("navigation", { name: "Pages" }).getByRole("link", { name: "Agents" }).click();
    await page.waitForURL(/agents/);
    await page.goto(`${site.url}/nowhere`);
    assert.deepEqual(refused, []);
  });
});

const refusals = [
  ["nothing", {}, /OIDC_ISSUER is not set/],
  ["no list", { ALLOWED_DOMAINS: "", ALLOWED_ADDRESSES: "" }, /neither ALLOWED_DOMAINS nor ALLOWED_ADDRESSES/],
  ["a short secret", { SESSION_SECRET: "short" }, /SESSION_SECRET is shorter/],
  ["a provider without TLS", { OIDC_ISSUER: "http://provider.example" }, /OIDC_ISSUER must begin with https/],
  ["a now outside of the demo", { TIMESHEET_WEB_NOW: "2026-11-24T00:00:00Z" }, /for the demo mode only/],
];
for (const [name, change, reason] of refusals)
  test(`it does not start with ${name}, and says why`, async () => {
    const refused = await startSite(name === "nothing" ? {} : { ...environment, ...change });
    started.push(refused);
    assert.notEqual(refused.log().match(reason), null, refused.log());
    assert.notEqual(await refused.ended, 0);
  });

test("the demo mode starts on loopback only, and answers to this machine's names only", async () => {
  const refused = await startSite({ TIMESHEET_WEB_DEMO: "1" }, { hostname: "0.0.0.0" });
  started.push(refused);
  assert.match(refused.log(), /only listens on this machine/);
  assert.notEqual(await refused.ended, 0);
  const demo = await startSite({ TIMESHEET_WEB_DEMO: "1" });
  started.push(demo);
  const { request } = await import("node:http");
  const status = (host) =>
    new Promise((resolve) =>
      request(`${demo.url}/clients`, { headers: { host } }, (response) => resolve(response.resume().statusCode)).end(),
    );
  assert.equal(await status(`localhost:${demo.port}`), 200);
  assert.equal(await status("rebound.example"), 403);
});
