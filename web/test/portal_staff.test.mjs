// The clients' portal as staff see it: who opened it, revoking links, and what a contact sees, which is recorded.
import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { after, before, test } from "node:test";
import { contextOf, countOf, newest, sessionOf, startStaffSite } from "./staff_site.mjs";
import { hundredths, owner, parseCsv, startBrowser, tableOf } from "./world.mjs";
import { parseXlsx } from "./xlsx.mjs";

const days = "from=2026-11-16&to=2026-11-22";
const hostile = `<script>window.hit=1</script><img src=x onerror="window.hit=1">`;
let site, browser, sql, page, contact, other;
const pages = {};
const modes = ["with scripts", "without scripts"];

before(async () => {
  [site, browser, sql] = [
    await startStaffSite({ OPERATORS: "ana@agency.example,carla@agency.example" }),
    await startBrowser(),
    owner("acting"),
  ];
  for (const mode of modes) {
    const context = await contextOf(browser, site, "ana@agency.example", { javaScriptEnabled: mode === modes[0] });
    pages[mode] = await context.newPage();
  }
  page = pages[modes[0]];
  await sql`DELETE FROM timesheet.portal_links`; // those of the sample's digests
  // Contacts that other tests of this database did not erase, each with a digest that was sent.
  [contact, other] = await sql`
    SELECT DISTINCT ON (c.contact_id) c.contact_id AS id, c.email, d.delivery_id::int AS delivery,
      m.client_group_id AS client
    FROM timesheet.contacts AS c JOIN timesheet.contact_client_groups AS m USING (contact_id)
    JOIN timesheet.digest_deliveries AS d USING (contact_id)
    WHERE c.removed_at IS NULL AND c.missing_since IS NULL AND d.state = 'sent'
    ORDER BY c.contact_id, m.client_group_id LIMIT 2`;
});
after(async () => {
  await sql`DELETE FROM timesheet.portal_links`;
  await Promise.all([browser?.close(), site?.stop(), sql?.end()]);
});

const daysAgo = (days) => new Date(Date.now() - days * 86_400_000).toISOString();

/** A link as an e-mail to the contact would have it; its token. */
async function linkOf({ id, delivery }, more = {}) {
  const token = randomBytes(32).toString("base64url");
  const link = { token_sha256: createHash("sha256").update(token).digest(), delivery_id: delivery, contact_id: id };
  await sql`INSERT INTO timesheet.portal_links ${sql({ ...link, ...more })}`;
  return token;
}

const groupsOf = async (token) => (await sql`SELECT client_group FROM timesheet.portal_session(${token})`).length;

/** The contact's row of the list. */
async function rowOf(email, on = page) {
  await on.goto(`${site.url}/digests?q=${encodeURIComponent(email)}`);
  return (await tableOf(on, "portal")).rows.find((row) => row.email === email);
}

const text = (time) =>
  sql`SELECT to_char(${time}::timestamptz AT TIME ZONE 'UTC', 'FMDD Mon YYYY, HH24:MI') AS text`.then(
    ([row]) => row.text,
  );

async function send(on, button) {
  await on.locator("[data-question]").waitFor();
  const question = await on.locator("[data-question]").textContent();
  await on.getByRole("button", { name: button, exact: true }).click();
  await on.waitForURL(/\/actions\/done\/[0-9a-f-]{36}$/);
  return { question, done: await on.locator("[data-done]").textContent() };
}

/** Asks to see what the contact sees, from the list of digests; the address of the page that shows it. */
async function look(on, { email }) {
  await on.goto(`${site.url}/digests?q=${encodeURIComponent(email)}`);
  await on.locator(`table[data-table="portal"]`).getByRole("link", { name: "What it sees" }).click();
  const said = await send(on, "Show it");
  await on.getByRole("link", { name: "Open what the contact sees" }).click();
  await on.waitForURL(/\/digests\/seen\/[0-9a-f-]{36}$/);
  return { ...said, path: new URL(on.url()).pathname };
}

test("the list has a row for each contact, with its links and openings, on the page and in both files", async () => {
  await page.goto(`${site.url}/digests`);
  const before = (await tableOf(page, "portal")).rows;
  const contacts = await sql`SELECT email FROM timesheet.contacts WHERE removed_at IS NULL ORDER BY email`;
  assert.deepEqual(
    before.map((row) => row.email),
    contacts.map((row) => row.email),
  );
  const mine = before.find((row) => row.email === contact.email);
  assert.deepEqual(
    [mine.liveLinks, mine.validUntil, mine.openings, mine.firstOpenedAt, mine.lastOpenedAt],
    ["0", "", "0", "", ""],
  );
  const [old, token] = [
    await linkOf(contact, { created_at: "2026-01-05 09:00Z" }),
    await linkOf(contact, { created_at: daysAgo(1) }),
  ];
  assert.deepEqual([await groupsOf(old), (await groupsOf(token)) > 0], [0, true]);
  for (let n = 0; n < 3; n += 1) await sql`SELECT timesheet.portal_opened(${token})`;
  const row = await rowOf(contact.email);
  const [expected] = await sql`SELECT * FROM timesheet.portal_openings WHERE contact_id = ${contact.id}`;
  assert.deepEqual(
    [row.liveLinks, row.openings, row.validUntil, row.firstOpenedAt, row.lastOpenedAt],
    [
      "1",
      "3",
      ...(await Promise.all(["valid_until", "first_opened_at", "last_opened_at"].map((name) => text(expected[name])))),
    ],
  );
  for (const name of ["csv", "xlsx"]) {
    const answer = await fetch(`${site.url}/digests/${name}?table=portal&portal=-openings`, {
      headers: { cookie: `timesheet-session=${await sessionOf("ben@agency.example")}` },
    });
    assert.equal(answer.status, 200);
    const rows =
      name === "csv"
        ? parseCsv(await answer.text()).map(Object.values)
        : parseXlsx(await answer.arrayBuffer())[0].slice(1);
    assert.equal(rows.length, contacts.length);
    const [email, live, , openings, , , sent] = rows[0];
    assert.deepEqual([email, Number(live), Number(openings), Number(sent)], [contact.email, 1, 3, 2]);
  }
  await page.goto(`${site.url}/digests?portal=-openings`);
  assert.equal((await tableOf(page, "portal")).rows[0].email, contact.email);
  await page.goto(`${site.url}/digests?q=${encodeURIComponent("no such contact")}`);
  assert.equal(
    await page.locator("section[aria-labelledby=portal-title] .empty").textContent(),
    "No contact has “no such contact”.",
  );
});

test("those who may only read see the list, no button, and no page of what a contact sees", async () => {
  const { path } = await look(page, contact);
  const context = await contextOf(browser, site, "ben@agency.example");
  const reader = await context.newPage();
  const row = await rowOf(contact.email, reader);
  assert.deepEqual([row.see, row.revoke], [undefined, undefined]);
  for (const action of ["view_portal", "revoke_portal_links"])
    assert.equal(
      (await reader.goto(`${site.url}/actions/${action}?email=${contact.email}&step=confirm`)).status(),
      403,
    );
  for (const each of [path, `${path}/csv`, `${path}/xlsx`, `${path}/mail?delivery=${contact.delivery}`])
    assert.equal((await fetch(site.url + each, { headers: { cookie: await cookieOf("ben") } })).status, 404, each);
  await context.close();
  // Another one who may: each look is recorded under the name of the person who looks.
  assert.equal((await fetch(site.url + path, { headers: { cookie: await cookieOf("carla") } })).status, 404);
  assert.equal((await fetch(site.url + path, { headers: { cookie: await cookieOf("ana") } })).status, 200);
  // Without a sign-in, an id of another action, and ids that are none.
  const none = await fetch(site.url + path, { redirect: "manual" });
  assert.deepEqual([none.status, new URL(none.headers.get("location"), site.url).pathname], [307, "/sign-in"]);
  const [{ request }] = await sql`
    SELECT o.request FROM timesheet.operator_actions AS o WHERE o.action = 'view_portal' ORDER BY 1 LIMIT 1`;
  for (const id of [request.replace(/^./, (digit) => (digit === "0" ? "1" : "0")), "1", "csv", "%00", hostile])
    assert.equal(
      (
        await fetch(`${site.url}/digests/seen/${encodeURIComponent(id)}`, {
          headers: { cookie: await cookieOf("ana") },
        })
      ).status,
      404,
      id,
    );
});

const cookieOf = async (name) => `timesheet-session=${await sessionOf(`${name}@agency.example`)}`;

modes.forEach((mode) =>
  test(`what a contact sees, ${mode}: the portal's own rows, recorded, and no opening`, async () => {
    const [on, before] = [pages[mode], await countOf(sql)];
    const token = await linkOf(contact);
    const openings = () => sql`SELECT * FROM timesheet.portal_openings ORDER BY contact_id`;
    const opened = await openings();
    const { question, done, path } = await look(on, contact);
    assert.ok(question.includes(`what the clients' portal shows to ${contact.email}, for one hour`), question);
    assert.equal(done, `What ${contact.email} sees on the portal was shown.`);
    assert.equal(await countOf(sql), before + 1);
    const { actor, action, arguments: given } = await newest(sql);
    assert.deepEqual([actor, action, given.email], ["ana@agency.example", "view_portal", contact.email]);

    assert.equal((await on.goto(`${site.url}${path}?${days}`)).status(), 200);
    assert.equal(await on.locator("h1").textContent(), `What ${contact.email} sees`);
    const weekly = await sql`
      SELECT w.week_start::text AS week, w.client_group, w.agent, sum(w.hours) AS hours,
        sum(w.unconfirmed_hours) AS less
      FROM timesheet.portal_weekly(${token}, '2026-08-24', '2026-11-23') AS w
      GROUP BY w.week_start, w.client_group_id, w.client_group, w.agent_id, w.agent
      ORDER BY w.week_start DESC, w.client_group, w.agent, w.client_group_id, w.agent_id`;
    const weeks = await tableOf(on, "seen-weeks");
    assert.ok(weekly.length > 10);
    assert.deepEqual(
      weeks.rows.map((row) => [
        row.key.split(" ")[0],
        row.client,
        row.agent,
        hundredths(row.hours),
        hundredths(row.unconfirmed),
      ]),
      weekly.map((row) => [
        row.week,
        row.client_group,
        row.agent,
        Math.round(row.hours * 100),
        Math.round(row.less * 100),
      ]),
    );
    const sum = (rows, name) => rows.reduce((all, row) => all + Math.round(row[name] * 100), 0);
    assert.equal(hundredths(weeks.total.hours), sum(weekly, "hours"));
    // The digest's own total, to the hundredth.
    const [digest] = await sql`
      SELECT d.hours FROM timesheet.digests AS d WHERE d.email = ${contact.email} AND d.week = '2026-11-16'
        AND d.state = 'sent' ORDER BY d.revision DESC LIMIT 1`;
    const daily = await sql`
      SELECT d.workday::text AS workday, d.client_group, d.agent, d.activity, d.hours
      FROM timesheet.portal_daily(${token}, '2026-11-16', '2026-11-23') AS d
      ORDER BY d.workday, d.client_group, d.agent, d.activity, d.client_group_id, d.agent_id, d.activity_id`;
    const shown = await tableOf(on, "seen-days");
    assert.deepEqual(
      shown.rows.map((row) => [row.key.split(" ")[0], row.client, row.agent, row.activity, hundredths(row.hours)]),
      daily.map((row) => [row.workday, row.client_group, row.agent, row.activity, Math.round(row.hours * 100)]),
    );
    assert.equal(hundredths(shown.total.hours), Math.round(digest.hours * 100));
    const attendance = await sql`
      SELECT a.workday::text AS workday, a.agent, to_char(a.clock_in_client, 'YYYY-MM-DD HH24:MI') AS clock_in
      FROM timesheet.portal_attendance(${token}, '2026-11-16', '2026-11-23') AS a
      ORDER BY a.workday, a.agent, a.agent_id`;
    const files = async (table) =>
      parseCsv(
        await (
          await fetch(`${site.url}${path}/csv?${days}&table=${table}`, { headers: { cookie: await cookieOf("ana") } })
        ).text(),
      );
    assert.deepEqual(
      (await files("times")).map((row) => [row.Workday, row.Agent, row["In, client's time"]]),
      attendance.map((row) => [row.workday, row.agent, row.clock_in ?? ""]),
    );
    const notes = await sql`
      SELECT n.workday::text AS workday, n.agent, n.detail
      FROM timesheet.portal_notes(${token}, '2026-11-16', '2026-11-23') AS n
      ORDER BY n.workday, n.agent, n.client_group, n.at, n.code, n.detail`;
    assert.deepEqual(
      (await files("notes")).map((row) => [row.Workday, row.Agent, row.What.replace(/^'/, "")]),
      notes.map((row) => [row.workday, row.agent, row.detail]),
    );
    const digests = await sql`
      SELECT d.delivery::text AS id, d.subject FROM timesheet.portal_digests(${token}) AS d
      ORDER BY d.sent_at DESC, d.delivery DESC`;
    assert.deepEqual(
      (await tableOf(on, "seen-digests")).rows.map((row) => [row.key, row.subject]),
      digests.map((row) => [row.id, row.subject]),
    );
    // Nothing of a client that is not the contact's.
    const main = await on.locator("main").textContent();
    const strangers = await sql`
      SELECT g.name FROM timesheet.client_groups AS g WHERE g.client_group_id NOT IN (
        SELECT m.client_group_id FROM timesheet.contact_client_groups AS m WHERE m.contact_id = ${contact.id})`;
    for (const { name } of strangers) assert.ok(!main.includes(name), name);
    assert.deepEqual(await openings(), opened);
  }),
);

test("a digest is shown as on the portal: nothing in it runs, and no link in it works", async () => {
  // One that can be read: other tests of this database erase agents, and with them the texts that named them.
  const [mine] = await sql`
    SELECT c.contact_id AS id, c.email, d.delivery::int AS delivery
    FROM timesheet.contacts AS c CROSS JOIN LATERAL timesheet.contact_digests(c.contact_id) AS d
    WHERE c.removed_at IS NULL AND c.missing_since IS NULL AND d.html IS NOT NULL
    ORDER BY c.contact_id, d.delivery DESC LIMIT 1`;
  await linkOf(mine);
  const { path } = await look(page, mine);
  await page.goto(`${site.url}${path}?delivery=${mine.delivery}`);
  const frame = page.frameLocator("iframe.mail");
  await page.locator("iframe.mail").scrollIntoViewIfNeeded(); // it is loaded once it is near
  await frame.locator("h1").waitFor();
  const address = await page.locator("iframe.mail").getAttribute("src");
  const answer = await fetch(site.url + address, { headers: { cookie: await cookieOf("ana") } });
  const html = await answer.text();
  assert.equal(answer.status, 200);
  assert.match(answer.headers.get("content-security-policy"), /^default-src 'none'; .*sandbox$/);
  assert.equal(answer.headers.get("cache-control"), "private, no-store");
  assert.ok(!/token=|token-of-/.test(html));
  // Another contact's digest is not there.
  for (const delivery of [(mine.id === other.id ? contact : other).delivery, 999_999, "x"])
    assert.equal(
      (await fetch(`${site.url}${path}/mail?delivery=${delivery}`, { headers: { cookie: await cookieOf("ana") } }))
        .status,
      404,
    );
});

test("after an hour it is shown no more, and neither is a contact that is not listed any more", async () => {
  const request = crypto.randomUUID();
  await sql`
    INSERT INTO timesheet.operator_actions (at, actor, action, arguments, request)
    VALUES (now() - interval '61 minutes', 'ana@agency.example', 'view_portal',
      ${JSON.stringify({ email: contact.email })}::text::jsonb, ${request})`;
  const headers = { cookie: await cookieOf("ana") };
  await page.goto(`${site.url}/digests/seen/${request}`);
  assert.match(await page.locator(".message").textContent(), /^It was shown for one hour, which is over\./);
  assert.equal(await page.locator("main table").count(), 0);
  assert.equal((await fetch(`${site.url}/digests/seen/${request}/csv`, { headers })).status, 404);
  assert.equal(
    (await fetch(`${site.url}/digests/seen/${request}/mail?delivery=${contact.delivery}`, { headers })).status,
    404,
  );
  await page.getByRole("link", { name: "Show it again" }).click();
  await send(page, "Show it");
  const { path } = await look(page, other);
  await sql`UPDATE timesheet.contacts SET removed_at = now() WHERE contact_id = ${other.id}`;
  try {
    await page.goto(site.url + path);
    assert.match(await page.locator(".message").textContent(), /^This contact is not listed any more/);
    assert.equal((await fetch(`${site.url}${path}/xlsx`, { headers })).status, 404);
  } finally {
    await sql`UPDATE timesheet.contacts SET removed_at = NULL WHERE contact_id = ${other.id}`;
  }
});

test("of a contact that is held back, or has no client group, it is said that it sees nothing, and why", async () => {
  await sql`DELETE FROM timesheet.portal_links`;
  const token = await linkOf(other);
  const groups = await sql`SELECT * FROM timesheet.contact_client_groups WHERE contact_id = ${other.id}`;
  const heldBack =
    "Airtable does not list the address any more, and its removal is held back; timesheetd contacts says what to do.";
  const headers = { cookie: await cookieOf("ana") };
  const { path } = await look(page, other);
  const showsNothing = async (because) => {
    assert.equal(await groupsOf(token), 0);
    await page.goto(site.url + path);
    assert.equal(
      await page.locator(".message").textContent(),
      `The contact sees nothing at present, with whatever link: ${because}`,
    );
    assert.equal(await page.locator("main table, main iframe").count(), 0);
    for (const file of ["csv", "xlsx", `mail?delivery=${other.delivery}`])
      assert.equal((await fetch(`${site.url}${path}/${file}`, { headers })).status, 404, file);
    await page.goto(`${site.url}/actions/view_portal?email=${other.email}&step=confirm`);
    const question = await page.locator("[data-question]").textContent();
    assert.ok(question.includes(`At present that is nothing: ${because}`), question);
  };
  try {
    await sql`UPDATE timesheet.contacts SET missing_since = now() WHERE contact_id = ${other.id}`;
    await showsNothing(heldBack);
    await sql`UPDATE timesheet.contacts SET missing_since = NULL WHERE contact_id = ${other.id}`;
    await sql`DELETE FROM timesheet.contact_client_groups WHERE contact_id = ${other.id}`;
    await showsNothing("it has no client group.");
  } finally {
    await sql`UPDATE timesheet.contacts SET missing_since = NULL WHERE contact_id = ${other.id}`;
    await sql`INSERT INTO timesheet.contact_client_groups ${sql(groups)} ON CONFLICT DO NOTHING`;
  }
  assert.ok((await groupsOf(token)) > 0);
  await page.goto(site.url + path);
  assert.ok((await page.locator("main table").count()) > 0);
});

modes.forEach((mode) =>
  test(`links are revoked, ${mode}: they end at once, and those of others go on`, async () => {
    const on = pages[mode];
    await sql`DELETE FROM timesheet.portal_links`;
    const [first, second, others] = [await linkOf(contact), await linkOf(contact), await linkOf(other)];
    await sql`SELECT timesheet.portal_opened(${second})`;
    assert.equal((await rowOf(contact.email, on)).revoke, "Revoke links");
    const before = await countOf(sql);
    await on.locator(`table[data-table="portal"]`).getByRole("link", { name: "Revoke links" }).click();
    const { question, done } = await send(on, "Revoke the links");
    assert.match(question, new RegExp(`^2 links of ${contact.email} will end at once, permanently; without this, `));
    assert.match(question, /The portal was opened 1 time, last at .*Links that work20/);
    assert.equal(done, `2 links of ${contact.email} to the portal were revoked.`);
    assert.equal(await countOf(sql), before + 1);
    const row = await newest(sql);
    assert.deepEqual(
      [row.actor, row.action, row.arguments.email, row.result],
      ["ana@agency.example", "revoke_portal_links", contact.email, 2],
    );
    assert.deepEqual([await groupsOf(first), await groupsOf(second), (await groupsOf(others)) > 0], [0, 0, true]);
    const after = await rowOf(contact.email, on);
    assert.deepEqual([after.liveLinks, after.validUntil, after.openings, after.revoke], ["0", "", "1", ""]);
    await on.goto(`${site.url}/actions`);
    assert.ok((await on.locator("main").textContent()).includes(done.slice(0, -1)));
  }),
);

test("what there is nothing to revoke of, or no contact, is said; so is what changed meanwhile", async () => {
  await sql`DELETE FROM timesheet.portal_links`;
  for (const [values, sentence] of [
    [{ email: contact.email }, `No link of ${contact.email} works now: there is nothing to do.`],
    [{ email: "x@example.com" }, "There is no contact x@example.com. Choose one of the list."],
    [{ email: "nobody" }, "“nobody” is no e-mail address."],
    [{}, "Enter the contact's e-mail address."],
  ])
    for (const action of ["revoke_portal_links", ...(values.email === contact.email ? [] : ["view_portal"])]) {
      await page.goto(`${site.url}/actions/${action}?${new URLSearchParams({ ...values, step: "confirm" })}`);
      assert.equal(await page.locator(".message").textContent(), sentence, action);
      assert.equal(await page.locator("[data-question]").count(), 0);
    }
  await linkOf(contact);
  await page.goto(`${site.url}/actions/revoke_portal_links?email=${contact.email.toUpperCase()}&step=confirm`);
  const before = await countOf(sql);
  const token = await linkOf(contact); // a digest goes out meanwhile
  await page.getByRole("button", { name: "Revoke the links" }).click();
  await page.locator(".message").waitFor();
  assert.match(await page.locator(".message").textContent(), /^Another person changed this meanwhile/);
  assert.deepEqual([await countOf(sql), (await groupsOf(token)) > 0], [before, true]);
  await page.getByRole("button", { name: "Revoke the links" }).click();
  await page.waitForURL(/\/actions\/done\//);
  assert.equal(await groupsOf(token), 0);
});

test("the days for which links work are a setting, whose question says what ends", async () => {
  await sql`DELETE FROM timesheet.portal_links`;
  const label = "Days for which a client's link to the portal works";
  const [old, token] = [await linkOf(contact, { created_at: daysAgo(10) }), await linkOf(contact)];
  const change = async (value) => {
    await page.goto(`${site.url}/actions/update_settings`);
    await page.getByLabel(label, { exact: true }).fill(value);
    await page.getByRole("button", { name: "Continue" }).click();
  };
  for (const value of ["-1", "367", "1.5", "ten", ""]) {
    await change(value);
    await page.locator("[data-question], .message").first().waitFor();
    if (await page.locator("[data-question]").isVisible())
      await page.getByRole("button", { name: "Change settings" }).click();
    await page.locator(".message").waitFor();
    assert.match(
      await page.locator(".message").textContent(),
      /“Days for which a client's link to the portal works”/,
      value,
    );
  }
  await change("5");
  let { question, done } = await send(page, "Change settings");
  assert.ok(question.includes("No hours change."), question);
  assert.ok(
    question.includes(
      "2 links to the clients' portal work now. Those that were sent more than 5 days ago end at once, permanently.",
    ),
    question,
  );
  assert.equal(done, `1 setting was changed. ${label}: 5.`);
  assert.deepEqual([await groupsOf(old), (await groupsOf(token)) > 0], [0, true]);
  await change("35");
  ({ question } = await send(page, "Change settings"));
  assert.ok(question.includes("1 link to the clients' portal works now, and will work longer."), question);
  assert.equal(await groupsOf(old), 0);
  await change("0");
  ({ question } = await send(page, "Change settings"));
  assert.ok(question.includes("All end at once, permanently, and the portal is closed."), question);
  assert.equal(await groupsOf(token), 0);
  await change("35");
  await send(page, "Change settings");
  assert.deepEqual([await groupsOf(token), (await groupsOf(await linkOf(contact))) > 0], [0, true]);
});

test("hostile names and subjects are text where staff look", async () => {
  const [agent] = await sql`
    SELECT d.agent_id AS id, a.full_name AS name
    FROM timesheet.daily_report AS d JOIN timesheet.agents AS a USING (agent_id)
    WHERE d.client_group_id = ${contact.client} AND d.workday = '2026-11-17' ORDER BY 1 LIMIT 1`;
  await sql`UPDATE timesheet.agents SET full_name = ${hostile} WHERE agent_id = ${agent.id}`;
  try {
    const { path } = await look(page, contact);
    await page.goto(`${site.url}${path}?${days}`);
    assert.ok((await page.locator("main").textContent()).includes(hostile));
    assert.equal(await page.locator("main script, main img").count(), 0);
    assert.equal(await page.evaluate(() => window.hit), undefined);
    const headers = { cookie: await cookieOf("ana") };
    assert.ok((await (await fetch(`${site.url}${path}/csv?${days}`, { headers })).text()).includes("window.hit"));
  } finally {
    await sql`UPDATE timesheet.agents SET full_name = ${agent.name} WHERE agent_id = ${agent.id}`;
  }
});
