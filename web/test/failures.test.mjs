// A failure has its status and an explanation that needs no script, on every page and in every export.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { request } from "node:http";
import { after, before, test } from "node:test";
import { startLink } from "./link.mjs";
import { now, owner, startBrowser, startSite, uriOf } from "./world.mjs";

const readerUri = uriOf(process.env.TIMESHEET_WEB_TEST_READER_URI, "hostile");
const demo = { TIMESHEET_WEB_DEMO: "1", TIMESHEET_WEB_NOW: now };
const days = "from=2026-11-16&to=2026-11-22";
const done = "11111111-2222-4333-8444-555555555555";
const seen = "11111111-2222-4333-8444-666666666666";
let sql, site, link, paths;
let [begun, cutAt] = [0, Infinity];

before(async () => {
  sql = owner("hostile");
  link = await startLink(readerUri, {
    counts: "begin isolation level",
    onCount: (count) => (begun = count) === cutAt && link.close(),
  });
  site = await startSite({
    ...demo,
    DATABASE_URL: link.uriOf(readerUri),
    OPERATOR_DATABASE_URL: uriOf(process.env.TIMESHEET_WEB_TEST_OPERATOR_URI, "hostile"),
    OPERATORS: "demo@agency.example",
  });
  await sql`SELECT timesheet.operate_update_settings('ana@agency.example', '{"long_session": "12:00"}', NULL, ${done})`;
  const [{ email }] = await sql`
    SELECT d.email FROM timesheet.digests AS d WHERE d.state = 'sent' ORDER BY d.delivery_id LIMIT 1`;
  await sql`SELECT FROM timesheet.operate_view_portal('demo@agency.example', ${email}, ${seen})`;
  const [{ agent, client, entry }] = await sql`
    SELECT s.agent_id::text AS agent, s.client_group_id::text AS client, s.jibble_activity_id::text AS entry
    FROM timesheet.sessions('2026-11-17', '2026-11-18') AS s WHERE s.client_group_id IS NOT NULL LIMIT 1`;
  const [{ digest }] = await sql`SELECT min(delivery_id)::text AS digest FROM timesheet.digest_emails`;
  // Every route of the dashboard, from the build.
  paths = Object.values(JSON.parse(readFileSync(".next/app-path-routes-manifest.json", "utf8")))
    // What a form sends is answered by a redirect: operators.test.mjs. The portal has failures of its own.
    .filter((route) => !/^\/(_|sign-|icon|unsubscribe|portal|jobs\/)|\/send$/.test(route))
    .map((route) =>
      route
        .replace("/agents/[id]", `/agents/${agent}`)
        .replace("[key]", client)
        .replace("[action]", "set_client_group")
        .replace("/digests/seen/[request]", `/digests/seen/${seen}`)
        .replace("[request]", done)
        .replace("/entries/[id]", `/entries/${entry}`)
        .replace("/digests/[id]", `/digests/${digest}`)
        .replace("[day]", "2026-11-17"),
    );
});
after(async () => {
  await site?.stop();
  link?.stop();
  await sql?.end();
});

async function everyPathAnswers(status, words) {
  for (const path of paths) {
    const response = await fetch(`${site.url}${path}?${days}`);
    const text = (await response.text()).replace(/<script\b.*?<\/script>/gs, "");
    assert.equal(response.status, status, path);
    assert.match(text, words, path);
    assert.match(text, /The server(&#x27;|')s log has the reason under ([0-9a-f]{8})/, path);
    assert.ok(site.log().includes(/under ([0-9a-f]{8})/.exec(text)[1]), `the log does not mention ${path}`);
    assert.equal(response.headers.get("retry-after") !== null, status === 503, path);
    assert.ok(!response.headers.get("content-disposition"), `${path} is a file`);
    assert.doesNotMatch(text, /timesheet\.|postgresql:|127\.0\.0\.1/, `${path} reveals internals`);
  }
}

test("at first each of them is served", async () => {
  assert.ok(paths.length >= 23 && !paths.some((path) => path.includes("[")), paths.join(" "));
  for (const path of paths) assert.equal((await fetch(`${site.url}${path}?${days}`)).status, 200, path);
});

test("an error of the database: 500, with an explanation", async () => {
  await sql`REVOKE USAGE ON SCHEMA timesheet FROM timesheet_reader`;
  try {
    await everyPathAnswers(500, /could not be loaded/);
  } finally {
    await sql`SELECT timesheet.grant_roles()`;
  }
});

test("a database that is down: 503, an explanation, and a link to try again", async () => {
  link.close();
  try {
    await everyPathAnswers(503, /is not available at the moment/);
    const browser = await startBrowser();
    try {
      const page = await (await browser.newContext({ javaScriptEnabled: false })).newPage();
      assert.equal((await page.goto(`${site.url}/clients?${days}&q=altamere`)).status(), 503);
      await page.getByRole("heading", { name: "The database is not available at the moment" }).waitFor();
      await link.open();
      await page.getByRole("link", { name: "Try again" }).click();
      assert.equal(await page.locator("table tbody tr").count(), 1);
      assert.equal(page.url(), `${site.url}/clients?${days}&q=altamere`);
    } finally {
      await browser.close();
    }
  } finally {
    await link.open();
  }
});

test("the link to try again never leaves the site", async () => {
  link.close();
  try {
    for (const path of [
      "//evil.example/%2e%2e/clients",
      "/clients?next=//evil.example",
      "/clients/%2F%2Fevil.example",
    ]) {
      const text = await (await fetch(site.url + path)).text();
      for (const [, href] of text.matchAll(/<a [^>]*href="([^"]*)"[^>]*>Try again/g))
        assert.equal(new URL(href, site.url).origin, site.url, path);
    }
  } finally {
    await link.open();
  }
});

/** An export as a strict client sees it: how it ended, and what arrived. */
function download(path) {
  return new Promise((resolve) => {
    request(`${site.url}${path}`, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (data) => (text += data));
      response
        .on("error", () => {})
        .on("close", () => resolve({ status: response.statusCode, isWhole: response.complete, text }));
    })
      .on("error", (error) => resolve({ error }))
      .end();
  });
}

test("an export that fails midway is a failed download, not a short file", async () => {
  for (const format of ["csv", "xlsx"]) {
    const path = `/entries/${format}?from=2026-09-01&to=2026-11-24`;
    const whole = await download(path);
    assert.deepEqual([whole.status, whole.isWhole], [200, true]);
    // The first transaction reads which days, the next the first rows, and the fourth fails: the answer has begun.
    cutAt = begun + 4;
    const logged = site.log().length;
    try {
      const { status, isWhole, text } = await download(path);
      assert.deepEqual([status, isWhole], [200, false], format);
      assert.ok(text.length < whole.text.length);
      assert.match(site.log().slice(logged), /an export was cut off/);
    } finally {
      cutAt = Infinity;
      await link.open();
    }
  }
});

test("a connection that breaks during a page breaks nothing else", async () => {
  const asked = Promise.all(
    Array.from({ length: 8 }, (_, n) => fetch(`${site.url}${["/", "/clients", "/agents", "/entries"][n % 4]}?${days}`)),
  );
  await new Promise((resolve) => setTimeout(resolve, 20));
  link.close();
  for (const response of await asked) assert.ok([200, 503].includes(response.status), String(response.status));
  await link.open();
  assert.equal((await fetch(`${site.url}/clients?${days}`)).status, 200);
  assert.doesNotMatch(site.log(), /uncaught|TypeError|unhandled/i);
});
