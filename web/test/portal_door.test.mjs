// The door of the clients' portal: what a link does, what it leaves behind, and how to get a fresh one.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { request } from "node:http";
import { violationsOf } from "./axe.mjs";
import { startLink } from "./link.mjs";
import {
  agency,
  cookieOf,
  copyDatabase,
  dropDatabase,
  makeLink,
  newToken,
  portalRole,
  portalUri,
  sha256,
  startPortal,
  visitorOf,
} from "./portal_site.mjs";
import { owner, startBrowser } from "./world.mjs";

const database = "portal_door";
const person = "operations@redstone.example";
const unknown = "stranger@nowhere.example";
let site, sql, browser;

before(async () => {
  await copyDatabase(database);
  sql = owner(database);
  [site, browser] = [await startPortal({ database }), await startBrowser()];
});
after(async () => {
  await browser?.close();
  await site?.stop();
  await sql?.end();
  await dropDatabase(database);
});

const get = (path, options = {}) => fetch(site.url + path, { redirect: "manual", ...options });
const cookiesOf = (response) => response.headers.getSetCookie();
const openings = async (token) =>
  (
    await sql`SELECT coalesce(sum(v.openings), 0)::int AS openings FROM timesheet.portal_visits AS v
    WHERE v.token_sha256 = ${sha256(token)}`
  )[0].openings;

/** How often a link was opened, once that is so or after half a minute: it is counted after the answer. */
async function openingsOnce(token, expected) {
  for (let tries = 0; tries < 600 && (await openings(token)) !== expected; tries += 1)
    await new Promise((resolve) => setTimeout(resolve, 50));
  return openings(token);
}

function assertNoTraces(response) {
  assert.match(response.headers.get("cache-control"), /no-store/);
  assert.match(response.headers.get("x-robots-tag"), /noindex/);
  assert.equal(response.headers.get("referrer-policy"), "no-referrer");
  assert.equal(response.headers.get("x-content-type-options"), "nosniff");
  assert.equal(response.headers.get("x-frame-options"), "DENY");
}

test("a link sets a cookie for the portal alone and leads to an address without the token", async () => {
  const token = await makeLink(sql, person);
  const response = await get(`/portal?token=${token}`);
  assert.equal(response.status, 303);
  assert.equal(response.headers.get("location"), "/portal");
  assert.ok(!(await response.text()).includes(token));
  assertNoTraces(response);
  const [kept, opened] = cookiesOf(response);
  assert.match(
    kept,
    new RegExp(`^timesheet_portal=${token}; Path=/portal; Expires=[^;]+; Max-Age=31622400; HttpOnly; SameSite=lax$`),
  );
  assert.match(opened, /^timesheet_portal_opened=1; Path=\/portal; Expires=[^;]+; Max-Age=60; HttpOnly; SameSite=lax$/);
  for (const [name, value] of response.headers)
    if (name !== "set-cookie") assert.ok(!value.includes(token.slice(0, 20)), name);
});

test("no form of the first address is redirected to an address with the token", async () => {
  const token = newToken();
  const forms = ["/portal/", "//portal", "//portal/", "/portal//", "/portal/link/", "/portal/week/2026-11-16/"];
  for (const path of [...forms, "/portal/nothing/"]) {
    const response = await get(`${path}?token=${token}`);
    assert.deepEqual([response.status, response.headers.get("location")], [303, "/portal"], path);
    assert.equal(cookiesOf(response).length, 2, path);
    assert.ok(!(await response.text()).includes(token), path);
    assertNoTraces(response);
  }
  // Without a token a slash at the end is left out, and nothing else.
  for (const [path, place] of [
    ["/portal/", "/portal"],
    ["/portal/link/?from=x", "/portal/link?from=x"],
    ["/portal/week/2026-11-16/", "/portal/week/2026-11-16"],
  ]) {
    const response = await get(path);
    assert.deepEqual([response.status, response.headers.get("location")], [308, place], path);
    assertNoTraces(response);
  }
});

test("where the portal is at https, its cookies are sent over https alone", async () => {
  const other = await startPortal({ database, PORTAL_URL: "https://hours.example/portal" });
  try {
    const response = await fetch(`${other.url}/portal?token=${newToken()}`, { redirect: "manual" });
    assert.equal(cookiesOf(response).length, 2);
    for (const cookie of cookiesOf(response)) assert.match(cookie, /; Secure;/);
  } finally {
    await other.stop();
  }
});

test("in a browser: the week is shown, and the token is in no address, title, text or referrer", async () => {
  const token = await makeLink(sql, person);
  const context = await browser.newContext();
  const page = await context.newPage();
  const asked = [];
  page.on("request", (each) => asked.push(each));
  try {
    await page.goto(`${site.url}/portal?token=${token}`);
    assert.equal(page.url(), `${site.url}/portal`);
    assert.match(await page.locator("h1").textContent(), /Redstone Solar/);
    await page.getByRole("link", { name: "E-mails" }).click();
    await page.getByRole("heading", { name: "E-mails" }).waitFor();
    await page.goBack({ waitUntil: "load" });
    await page.locator("[data-figure=now]").waitFor();
    assert.equal(page.url(), `${site.url}/portal`);
    assert.ok(!(await page.content()).includes(token));
    assert.ok(!(await page.title()).includes(token));
    for (const each of asked) {
      assert.ok(!(each.headers().referer ?? "").includes("token"), each.url());
      if (new URL(each.url()).search.includes(token)) assert.equal(each, asked[0]);
    }
    assert.equal(await page.evaluate(() => document.referrer), "");
    // No script can read it, and no other address gets it.
    assert.ok(!(await page.evaluate(() => document.cookie)).includes(token));
    assert.deepEqual(await context.cookies(`${site.url}/`), []);
    assert.equal((await context.cookies(`${site.url}/portal/week`)).length, 1);
  } finally {
    await context.close();
  }
  assert.ok(!site.log().includes(token));
});

test("an opening counts after the redirect, once; a filter's fetch, a HEAD, a guess and a reload do not", async () => {
  const token = await makeLink(sql, person);
  for (const [method, agent] of [
    ["HEAD", "filter"],
    ["GET", "filter"],
    ["HEAD", "Mozilla/5.0"],
    ["GET", "Googlebot/2.1"],
  ]) {
    const response = await get(`/portal?token=${token}`, { method, headers: { "user-agent": agent } });
    assert.equal(response.status, 303);
    assert.equal(cookiesOf(response).length, method === "GET" ? 2 : 0);
  }
  // One that follows redirects and keeps no cookies.
  assert.match((await fetch(`${site.url}/portal?token=${token}`)).url, /\/portal\/link$/);
  const first = { cookie: `timesheet_portal=${token}; timesheet_portal_opened=1` };
  for (const headers of [
    { ...first, "sec-purpose": "prefetch" },
    { ...cookieOf(token), "x-timesheet-opened": "1" },
    cookieOf(token),
  ])
    assert.equal((await get("/portal", { headers })).status, 200);
  assert.equal((await get("/portal", { method: "HEAD", headers: first })).status, 200);
  assert.equal(await openings(token), 0);
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    await page.goto(`${site.url}/portal?token=${token}`);
    assert.equal(await openingsOnce(token, 1), 1);
    await page.reload();
    await page.goto(`${site.url}/portal/digests`);
    await page.goto(`${site.url}/portal`);
    assert.equal(await openings(token), 1);
    await page.goto(`${site.url}/portal?token=${token}`);
    assert.equal(await openingsOnce(token, 2), 2);
  } finally {
    await context.close();
  }
});

test("odd addresses of the portal are no error", async () => {
  const token = await makeLink(sql, person);
  const odd = ["%F0%9F%98%80", "..%2f", "__proto__", "2026-02-31", "-1", "9".repeat(400), "'%20OR%201=1", "[x]"];
  const said = site.log().length;
  for (const each of odd)
    for (const path of [
      `/portal/week/${each}`,
      `/portal/week/${each}/csv?table=${each}`,
      `/portal/week/2026-11-16/csv?table=${each}&table[]=x`,
      `/portal/digests/${each}`,
      `/portal/digests/${each}/mail`,
      `/portal/csv?table=${each}`,
      `/portal/${each}`,
      `/portal?${each}=${each}`,
    ]) {
      const { status } = await get(path, { headers: cookieOf(token) });
      assert.ok([200, 303, 307, 308, 400].includes(status), `${path} answered ${status}`);
    }
  assert.doesNotMatch(site.log().slice(said), /⨯|Error/);
});

test("openings at once are all answered and all counted: 40 pages, and 100 in the database", async () => {
  const token = await makeLink(sql, person);
  const headers = { cookie: `timesheet_portal=${token}; timesheet_portal_opened=1` };
  const statuses = await Promise.all(
    Array.from({ length: 40 }, async () => {
      const response = await get("/portal", { headers });
      await response.arrayBuffer();
      return response.status;
    }),
  );
  assert.deepEqual(new Set(statuses), new Set([200]));
  assert.equal(await openingsOnce(token, 40), 40);
  const roles = Array.from({ length: 10 }, () => portalRole(database));
  try {
    await Promise.all(
      Array.from({ length: 100 }, (_, n) => roles[n % roles.length]`SELECT timesheet.portal_opened(${token})`),
    );
  } finally {
    await Promise.all(roles.map((role) => role.end()));
  }
  assert.equal(await openings(token), 140);
});

/** An answer without its nonce; what is streamed comes in any order. */
async function contentOf(response) {
  const text = (await response.text()).replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, "");
  return text
    .split(/\\n|<script/)
    .sort()
    .join("\n");
}

/** Links that show nothing, by what is wrong with them. */
async function brokenLinks() {
  const [good, old, revoked, gone] = [newToken(), newToken(), newToken(), newToken()];
  await makeLink(sql, person, good);
  await makeLink(sql, person, old);
  await sql`
    UPDATE timesheet.portal_links SET created_at = now() - interval '36 days' WHERE token_sha256 = ${sha256(old)}`;
  await makeLink(sql, "claire@lumiere.example", revoked);
  await sql`SELECT timesheet.revoke_portal_links('claire@lumiere.example')`;
  await makeLink(sql, "j.oneil@quillfeather.example", gone);
  await sql`UPDATE timesheet.contacts SET missing_since = now() WHERE email = 'j.oneil@quillfeather.example'`;
  const last = good.at(-2) === "A" ? "B" : "A";
  return {
    good,
    broken: {
      wrong: newToken(),
      "right but for a character": good.slice(0, -2) + last + good.at(-1),
      "right but for the first": (good[0] === "A" ? "B" : "A") + good.slice(1),
      expired: old,
      revoked,
      "of a contact that is held back": gone,
    },
    malformed: {
      empty: "",
      cut: good.slice(0, 42),
      longer: `${good}A`,
      "another alphabet": `${good.slice(0, 42)}+`,
      "in capitals": "%00".repeat(3),
      sql: "'%20OR%201=1--",
      long: "A".repeat(4000),
    },
  };
}

test("any broken link leads to the page that offers a fresh one, and none says why", async () => {
  const { good, broken, malformed } = await brokenLinks();
  for (const [what, token] of Object.entries(malformed)) {
    const response = await get(`/portal?token=${token}`);
    assert.deepEqual([response.status, response.headers.get("location")], [303, "/portal/link"], what);
    assert.deepEqual(cookiesOf(response), [], what);
  }
  const paths = ["/portal", "/portal/csv", "/portal/week/2026-11-16", "/portal/week/2026-11-16/csv?table=days"];
  paths.push("/portal/digests", "/portal/digests/1", "/portal/digests/1/mail");
  for (const path of paths) {
    assert.notEqual((await get(path, { headers: cookieOf(good) })).headers.get("location"), "/portal/link", path);
    const answers = new Set();
    for (const [what, token] of [...Object.entries(broken), ["none", null], ["no token", "x"]]) {
      const response = await get(path, { headers: token === null ? {} : cookieOf(token) });
      assert.deepEqual([response.status, response.headers.get("location")], [307, "/portal/link"], `${path}: ${what}`);
      assert.match(response.headers.get("cache-control"), /no-store/);
      answers.add(await contentOf(response));
    }
    assert.equal(answers.size, 1, `${path}: ${[...answers].join("\n")}`);
  }
  for (const [path, options] of [
    ["/portal/nothing", {}],
    ["/portal/week", {}],
    ["/portal/week/2026-11-16/xlsx", {}],
    ["/portal/nothing", { method: "POST" }],
    ["/portal/link/send", {}],
    ["/portal/leave", {}],
    [`/portal/digests?token=x`, {}],
    [`/portal?token=${good}`, { method: "POST" }],
  ]) {
    const { status, headers } = await get(path, options);
    const place = path.includes(good) ? "/portal" : "/portal/link";
    assert.deepEqual([status, headers.get("location")], [303, place], path);
    assert.deepEqual(headers.getSetCookie(), [], path);
  }
  for (const path of [
    "/portal/week/2026-11-17",
    "/portal/week/x",
    "/portal/week/2020-01-06",
    "/portal/week/2999-01-07",
  ])
    assert.equal((await get(path, { headers: cookieOf(good) })).headers.get("location"), "/portal", path);
  await sql`UPDATE timesheet.contacts SET missing_since = NULL`;
});

test("a wrong, an expired and a revoked token take the same time, whatever part of them is right", async () => {
  const { broken } = await brokenLinks();
  const times = Object.fromEntries(Object.keys(broken).map((what) => [what, []]));
  for (let n = 0; n < 25; n += 1)
    for (const [what, token] of Object.entries(broken)) {
      const begin = performance.now();
      await (await get("/portal", { headers: cookieOf(token) })).arrayBuffer();
      times[what].push(performance.now() - begin);
    }
  const medians = Object.values(times).map((each) => each.sort((a, b) => a - b)[12]);
  assert.ok(Math.max(...medians) <= 2 * Math.min(...medians), JSON.stringify(medians));
  await sql`UPDATE timesheet.contacts SET missing_since = NULL`;
});

test("what a person may see ends at once: with a client group, with the last one, with the link", async () => {
  const token = await makeLink(sql, person);
  const place = async () => (await get("/portal", { headers: cookieOf(token) })).headers.get("location");
  const groups = await sql`
    DELETE FROM timesheet.contact_client_groups AS m USING timesheet.client_groups AS g, timesheet.contacts AS c
    WHERE g.client_group_id = m.client_group_id AND c.contact_id = m.contact_id AND c.email = ${person}
      AND g.name LIKE 'Granite%' RETURNING m.contact_id, m.client_group_id`;
  assert.equal(groups.length, 1);
  const page = await (await get("/portal", { headers: cookieOf(token) })).text();
  assert.ok(page.includes("Redstone Solar") && !page.includes("Granite"));
  // Sent digests name the client group that is gone.
  assert.ok(!(await (await get("/portal/digests", { headers: cookieOf(token) })).text()).includes("Granite"));
  const [rest] = await sql`
    DELETE FROM timesheet.contact_client_groups WHERE contact_id = ${groups[0].contact_id} RETURNING *`;
  assert.equal(await place(), "/portal/link");
  for (const { contact_id, client_group_id } of [...groups, rest])
    await sql`INSERT INTO timesheet.contact_client_groups (contact_id, client_group_id)
      VALUES (${contact_id}, ${client_group_id})`;
  await sql`UPDATE timesheet.contacts SET unsubscribed_at = now() WHERE email = ${person}`;
  assert.equal(await place(), null); // who unsubscribed may look
  await sql`UPDATE timesheet.contacts SET unsubscribed_at = NULL WHERE email = ${person}`;
  await sql`SELECT timesheet.revoke_portal_links(${person})`;
  assert.equal(await place(), "/portal/link");
  assert.equal(await openings(token), 0);
});

/** Asks for a link as a page of the portal does, or otherwise. */
async function ask(body, headers = {}) {
  const begin = performance.now();
  const response = await get("/portal/link/send", {
    method: "POST",
    body,
    headers: { "sec-fetch-site": "same-origin", ...headers },
    ...(body instanceof ReadableStream && { duplex: "half" }),
  });
  const text = await response.text();
  return { status: response.status, location: response.headers.get("location"), text, took: performance.now() - begin };
}

test("what is posted to the page of the form is sent on to where the form is sent", async () => {
  const { status, headers } = await get("/portal/link", { method: "POST", body: new URLSearchParams({ email: "x" }) });
  assert.deepEqual([status, headers.get("location")], [307, "/portal/link/send"]);
});

const stored = async () => (await sql`SELECT count(*)::int AS count FROM timesheet.portal_requests`)[0].count;

/** How many requests are stored, once there are so many or after half a minute: the answer does not wait for it. */
async function storedOnce(expected) {
  for (let tries = 0; tries < 600 && (await stored()) < expected; tries += 1)
    await new Promise((resolve) => setTimeout(resolve, 50));
  return stored();
}

test("a fresh link may be asked for with any address: the answer and its time are the same", async () => {
  const said = site.log().length;
  const form = (email) => new URLSearchParams({ email });
  const bodies = [form(person), form(person.toUpperCase()), form(unknown), form(""), form("x'; DROP TABLE x; --")];
  bodies.push(form("\u0000"), form("é".repeat(900)), form("x".repeat(9000)), "", "email=%ff%fe", "{}", new FormData());
  bodies.push(new URLSearchParams({ other: "x" }), new Uint8Array([0, 255, 254]));
  const answers = [];
  for (const body of bodies) answers.push(await ask(body));
  for (const { status, location, text, took } of answers) {
    assert.deepEqual([status, location, text], [303, "/portal/link/sent", ""]);
    assert.ok(took >= 500 && took < 10_000, String(took));
  }
  await storedOnce(2);
  const rows = await sql`SELECT to_json(r)::text AS text FROM timesheet.portal_requests AS r`;
  assert.ok(rows.length >= 2 && !rows.some(({ text }) => text.includes("@")));
  const texts = await Promise.all(
    [1, 2].map(async () => (await (await get("/portal/link/sent")).text()).replace(/[\w-]{36}|"[\w-]{20,21}"/g, "")),
  );
  assert.equal(texts[0], texts[1]);
  assert.doesNotMatch(site.log().slice(said), /redstone|nowhere\.example|Error/i);
});

test("a flood of requests is answered like one, and takes no page's place; what cannot be stored is lost", async () => {
  const token = await makeLink(sql, person);
  const said = site.log().length;
  let [page, answers] = [null, []];
  await sql.begin(async (held) => {
    await held`LOCK TABLE timesheet.portal_requests IN ACCESS EXCLUSIVE MODE`; // so that none is stored meanwhile
    const flood = Array.from({ length: 100 }, (_, n) => ask(new URLSearchParams({ email: `${n}@nowhere.example` })));
    page = await get("/portal", { headers: cookieOf(token) });
    await page.arrayBuffer();
    answers = await Promise.all(flood);
  });
  assert.equal(page.status, 200);
  for (const { status, location, text, took } of answers) {
    assert.deepEqual([status, location, text], [303, "/portal/link/sent", ""]);
    assert.ok(took >= 500 && took < 20_000, String(took));
  }
  // One line says it, without an address or where in the program it was.
  const lines = site.log().slice(said).split("\n").filter(Boolean);
  assert.equal(lines.length, 1, lines.join("\n"));
  assert.match(lines[0], /^requests for a fresh link to the portal were not stored: /);
});

/** Posts with these headers alone, as an older browser does: fetch() would send newer ones too. */
function postAsOld(path, headers, body = "") {
  return new Promise((resolve, reject) => {
    request(site.url + path, { method: "POST", headers }, (answer) => {
      answer.resume();
      resolve({ status: answer.statusCode, location: answer.headers.location });
    })
      .on("error", reject)
      .end(body);
  });
}

const strangers = [
  { "sec-fetch-site": "cross-site", origin: "https://evil.example" },
  { "sec-fetch-site": "cross-site", origin: "null" },
  { "sec-fetch-site": "same-site", origin: "http://127.0.0.1:1" },
  { "sec-fetch-site": "none" },
];

test("the form for a link is answered from anywhere, in browsers that name no origin too", async () => {
  for (const headers of strangers) {
    const { status, location } = await ask(new URLSearchParams({ email: "another@nowhere.example" }), headers);
    assert.deepEqual([status, location], [303, "/portal/link/sent"]);
  }
  const type = { "content-type": "application/x-www-form-urlencoded" };
  for (const origin of [{ origin: site.url }, { origin: "null" }, {}])
    assert.deepEqual(await postAsOld("/portal/link/send", { ...type, ...origin }, "email=old%40nowhere.example"), {
      status: 303,
      location: "/portal/link/sent",
    });
});

test("signing out is accepted from the portal's own pages alone, in older browsers too", async () => {
  const own = cookieOf(newToken());
  for (const headers of strangers) {
    const left = await get("/portal/leave", { method: "POST", headers: { ...headers, ...own } });
    assert.deepEqual([left.status, cookiesOf(left)], [403, []]);
  }
  // As pages send no referrer, an older browser names no origin.
  for (const [origin, status] of [
    [{ origin: site.url }, 303],
    [{ origin: "null" }, 303],
    [{ origin: "http://evil.example" }, 403],
    [{}, 403],
  ])
    assert.equal((await postAsOld("/portal/leave", { ...origin, ...own })).status, status, origin.origin);
});

test("by hand, without scripts: asks for a link, and signs out; axe finds nothing", async () => {
  await sql`DELETE FROM timesheet.portal_requests`;
  const token = await makeLink(sql, person);
  const context = await visitorOf(browser, site, token, { javaScriptEnabled: false });
  const readable = await browser.newContext();
  try {
    const page = await context.newPage();
    await page.goto(`${site.url}/portal`);
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.waitForURL(/\/portal\/link$/);
    assert.deepEqual(await context.cookies(`${site.url}/portal`), []);
    await page.getByLabel("Your e-mail address").fill(person);
    await page.getByRole("button", { name: "Send me a link" }).click();
    await page.waitForURL(/\/portal\/link\/sent$/);
    assert.match(await page.locator("[data-answer]").textContent(), /^If this is an address to which we send hours/);
    assert.equal(await storedOnce(1), 1);
    // Signing out forgets the link in this browser; it is still valid.
    assert.equal((await get("/portal", { headers: cookieOf(token) })).status, 200);
    const other = await readable.newPage();
    for (const path of ["/portal/link", "/portal/link/sent"]) {
      assert.equal((await other.goto(site.url + path)).status(), 200);
      assert.match(await other.title(), new RegExp(`${agency}$`));
      assert.deepEqual(await violationsOf(other), []);
    }
  } finally {
    await context.close();
    await readable.close();
  }
});

test("every answer has the policy of a page with a nonce of its own; the logo's place is named in it", async () => {
  const logo = "https://agency.example/logo.svg";
  const other = await startPortal({ database, PORTAL_LOGO: logo });
  try {
    const policies = await Promise.all(
      ["/portal/link", "/portal/link"].map(async (path) => {
        const response = await fetch(other.url + path);
        assertNoTraces(response);
        const policy = response.headers.get("content-security-policy");
        const [, nonce] = /script-src 'nonce-([\w-]+)' 'strict-dynamic';/.exec(policy);
        const text = await response.text();
        assert.ok(text.includes(`nonce="${nonce}"`) && text.includes(`<img src="${logo}"`));
        assert.match(policy, /default-src 'none';.*img-src 'self' https:\/\/agency\.example;.*frame-ancestors 'none'/);
        return policy;
      }),
    );
    assert.notEqual(policies[0], policies[1]);
  } finally {
    await other.stop();
  }
});

test("its role asks the portal's functions and nothing else", async () => {
  const role = portalRole(database);
  const token = await makeLink(sql, person);
  try {
    for (const statement of [
      "SELECT * FROM timesheet.portal_links",
      "SELECT * FROM timesheet.contacts",
      "SELECT * FROM timesheet.weekly_report",
      "SELECT * FROM timesheet.contact_of_token('x')",
      "SELECT * FROM timesheet.contact_weekly(1, NULL, NULL)",
      "SELECT timesheet.revoke_portal_links('claire@lumiere.example')",
      "SELECT timesheet.round_hours(ARRAY[1])",
      "CREATE TABLE timesheet.mine ()",
    ])
      await assert.rejects(role.unsafe(statement), { code: "42501" }, statement);
    assert.equal((await role`SELECT * FROM timesheet.portal_session(${token})`).length, 2);
    assert.equal((await role`SELECT * FROM timesheet.portal_session(${newToken()})`).length, 0);
  } finally {
    await role.end();
  }
});

test("a database that is down is said in words for clients, with 503, and comes back", async () => {
  const link = await startLink(portalUri(database));
  const other = await startPortal({ PORTAL_DATABASE_URL: link.uriOf(portalUri(database)) });
  const token = await makeLink(sql, person);
  try {
    const look = () => fetch(`${other.url}/portal`, { headers: cookieOf(token), redirect: "manual" });
    assert.equal((await look()).status, 200);
    link.close();
    for (const path of ["/portal", "/portal/csv"]) {
      const response = await fetch(other.url + path, { headers: cookieOf(token), redirect: "manual" });
      assert.equal(response.status, 503, path);
      assert.ok(Number(response.headers.get("retry-after")) > 0);
      const text = await response.text();
      assert.match(text, /Your hours cannot be shown at the moment/);
      assert.doesNotMatch(text, /database|127\.0\.0\.1:|ECONN/i);
    }
    // The form says nothing of it, and takes as long as ever.
    const begin = performance.now();
    const asked = await fetch(`${other.url}/portal/link/send`, {
      method: "POST",
      body: new URLSearchParams({ email: person }),
      redirect: "manual",
    });
    assert.deepEqual([asked.status, asked.headers.get("location")], [303, "/portal/link/sent"]);
    assert.ok(performance.now() - begin >= 500);
    await link.open();
    assert.equal((await look()).status, 200);
    assert.ok(!other.log().includes(token));
  } finally {
    await other.stop();
    link.stop();
  }
});
