// The unsubscribe link: open to everybody, for one action only.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import postgres from "postgres";
import { owner, secret, startBrowser, startDemo, startSite, uriOf } from "./world.mjs";

const uri = uriOf(process.env.TIMESHEET_WEB_TEST_UNSUBSCRIBE_URI, "hostile");
// There is no sign-in here: the provider need not be there.
const environment = {
  WEB_BASE_URL: "http://127.0.0.1:3000",
  OIDC_ISSUER: "http://127.0.0.1:9",
  OIDC_CLIENT_ID: "x",
  OIDC_CLIENT_SECRET: "x",
  SESSION_SECRET: secret,
  ALLOWED_DOMAINS: "agency.example",
};
const stranger = "11111111-2222-4333-8444-555555555555";
let site, sql, token;

before(async () => {
  sql = owner("hostile");
  [{ token }] =
    await sql`SELECT unsubscribe_token AS token FROM timesheet.contacts WHERE email = 'operations@redstone.example'`;
  site = await startSite({ ...environment, UNSUBSCRIBE_DATABASE_URL: uri }, { database: "hostile" });
});
after(async () => {
  await site?.stop();
  await sql?.end();
});

const gone = async () =>
  (await sql`SELECT email FROM timesheet.contacts WHERE unsubscribed_at IS NOT NULL ORDER BY 1`).map(
    (row) => row.email,
  );
const link = (of) => `${site.url}/unsubscribe?token=${of}`;
const oneClick = (of, more = {}) =>
  fetch(link(of), {
    method: "POST",
    redirect: "manual",
    body: new URLSearchParams({ "List-Unsubscribe": "One-Click" }),
    ...more,
  });

/** A chunked body, without a Content-Length. */
const streamed = (...parts) => ({
  body: new ReadableStream({
    start: (controller) => (
      parts.forEach((part) => controller.enqueue(new TextEncoder().encode(part))),
      controller.close()
    ),
  }),
  duplex: "half",
  headers: { "content-type": "application/x-www-form-urlencoded" },
});

test("opening the link asks, and does not unsubscribe", async () => {
  for (const method of ["GET", "HEAD"]) {
    const response = await fetch(link(token), { method });
    assert.equal(response.status, 200);
    assert.match(response.headers.get("cache-control"), /no-store/);
    if (method === "GET") assert.match(await response.text(), /<form method="post"/);
  }
  assert.deepEqual(await gone(), []);
});

test("a POST without One-Click, or without a complete token, changes nothing", async () => {
  assert.equal((await fetch(link(token), { method: "POST", body: new URLSearchParams({ a: "b" }) })).status, 400);
  assert.equal((await fetch(link(token), { method: "POST" })).status, 400);
  assert.equal(
    (
      await fetch(link(token), {
        method: "POST",
        body: "List-Unsubscribe=One-Click",
        headers: { "content-type": "text/plain" },
      })
    ).status,
    400,
  );
  assert.equal(
    (await oneClick(token, { body: new URLSearchParams({ "List-Unsubscribe": "One-Click", more: "x".repeat(5000) }) }))
      .status,
    413,
  );
  assert.equal(
    (
      await oneClick(
        token,
        streamed("List-Unsubscribe=One-Click&more=", ...Array.from({ length: 10 }, () => "x".repeat(500))),
      )
    ).status,
    413,
  );
  for (const of of ["", "x", `${token}x`, "%27%3B--", `${token}%00`]) {
    const response = await oneClick(of);
    assert.equal(response.status, 400, of);
    assert.ok(!(await response.text()).includes("--"));
  }
  assert.equal((await fetch(link(token), { method: "PUT", body: "x" })).status, 405);
  assert.deepEqual(await gone(), []);
});

test("one click unsubscribes, without a redirect; again is safe; an unknown token gets the same answer", async () => {
  const contentOf = async (response) => {
    const body = (await response.text()).replace(/nonce="[^"]*"/, "");
    return [response.status, body, response.headers.get("content-type"), response.headers.get("location")];
  };
  const unknown = await contentOf(await oneClick(stranger));
  assert.deepEqual(await gone(), []);
  const known = await contentOf(await oneClick(token));
  assert.deepEqual(known, unknown);
  assert.equal(known[0], 200);
  assert.deepEqual(await gone(), ["operations@redstone.example"]);
  const form = new FormData();
  form.set("List-Unsubscribe", "One-Click");
  assert.deepEqual(await contentOf(await oneClick(token.toUpperCase(), { body: form })), known);
  assert.deepEqual(await contentOf(await oneClick(token, streamed("List-Unsub", "scribe=One-Click"))), known);
  const questions = await Promise.all(
    [token, stranger].map(async (of) =>
      (await (await fetch(link(of))).text()).replaceAll(of, "").replace(/nonce="[^"]*"/, ""),
    ),
  );
  assert.equal(questions[0], questions[1]);
  assert.doesNotMatch(site.log(), new RegExp(token));
});

test("by hand: the page's button, without scripts", async () => {
  const [{ token: other }] =
    await sql`SELECT unsubscribe_token AS token FROM timesheet.contacts WHERE email = 'claire@lumiere.example'`;
  const browser = await startBrowser();
  try {
    const page = await (await browser.newContext({ javaScriptEnabled: false })).newPage();
    await page.goto(link(other));
    await page.getByRole("button", { name: "Unsubscribe" }).click();
    await page.getByRole("heading", { name: "You are unsubscribed" }).waitFor();
  } finally {
    await browser.close();
  }
  assert.deepEqual(await gone(), ["claire@lumiere.example", "operations@redstone.example"]);
});

test("its role can only do that: it reads no table, changes none, and learns nothing from the answer", async () => {
  const asRole = postgres(uri, { max: 1, prepare: false, onnotice: () => {} });
  try {
    const [{ rights }] = await sql`
      SELECT count(*)::int AS rights FROM pg_class AS c
      CROSS JOIN unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER'])
        AS p (right_)
      WHERE c.relnamespace = 'timesheet'::regnamespace AND c.relkind IN ('r', 'v')
        AND has_table_privilege('timesheet_unsubscribe', c.oid, p.right_)`;
    assert.equal(rights, 0);
    const callable = await sql`
      SELECT p.proname AS name FROM pg_proc AS p WHERE p.pronamespace = 'timesheet'::regnamespace
        AND has_function_privilege('timesheet_unsubscribe', p.oid, 'EXECUTE')`;
    assert.deepEqual(
      callable.map((row) => row.name),
      ["unsubscribe_by_link"],
    );
    for (const attempt of [
      "SELECT * FROM timesheet.contacts",
      "SELECT timesheet.unsubscribe(gen_random_uuid())",
      "SELECT * FROM timesheet.digest_emails",
      "SELECT timesheet.contact_id('claire@lumiere.example')",
      "SELECT timesheet.resolve_delivery(1, true)",
      "SELECT timesheet.replay()",
      "SELECT timesheet.grant_roles()",
      "CREATE TABLE timesheet.mine ()",
      "CREATE FUNCTION timesheet.mine() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    ])
      await assert.rejects(asRole.unsafe(attempt), { code: "42501" }, attempt);
    // The caller's temporary objects do not replace the function's tables.
    await asRole.unsafe("CREATE TEMP TABLE contacts (unsubscribe_token uuid, unsubscribed_at timestamptz)");
    const answers = [
      await asRole`SELECT timesheet.unsubscribe_by_link(${stranger}) AS said`,
      await asRole`SELECT timesheet.unsubscribe_by_link(${token}) AS said`,
    ];
    assert.deepEqual(answers[0], answers[1]);
  } finally {
    await asRole.end();
  }
  const reader = postgres(uriOf(process.env.TIMESHEET_WEB_TEST_READER_URI, "hostile"), { max: 1, prepare: false });
  await assert.rejects(
    reader.begin("read write", (tx) => tx`SELECT timesheet.unsubscribe_by_link(${token})`),
    { code: "42501" },
  );
  await reader.end();
});

test("without configuration it says so and how to; a database that is down is reported as a failure", async () => {
  const other = await startDemo("hostile");
  const away = await startSite({ ...environment, UNSUBSCRIBE_DATABASE_URL: "postgresql://nobody:x@127.0.0.1:9/none" });
  try {
    for (const method of ["GET", "POST"]) {
      const response = await fetch(`${other.url}/unsubscribe?token=${token}`, { method });
      assert.equal(response.status, 501);
      assert.match(await response.text(), /UNSUBSCRIBE_DATABASE_URL/);
    }
    const response = await fetch(`${away.url}/unsubscribe?token=${token}`, {
      method: "POST",
      body: new URLSearchParams({ "List-Unsubscribe": "One-Click" }),
    });
    assert.equal(response.status, 503);
    assert.ok(Number(response.headers.get("retry-after")) > 0);
    assert.doesNotMatch(await response.text(), /127\.0\.0\.1|unsubscribed/);
  } finally {
    await other.stop();
    await away.stop();
  }
});
