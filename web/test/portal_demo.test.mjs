// From the sample's e-mails to the contact's hours: each link as timesheetd sent it, followed in a browser.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { startPortalAt } from "./portal_site.mjs";
import { now, owner, startBrowser } from "./world.mjs";

const folder = process.env.TIMESHEET_WEB_TEST_MAIL;
let site, browser, sql;

before(async () => ([site, browser, sql] = [await startPortalAt(now), await startBrowser(), owner()]));
after(() => Promise.all([browser?.close(), site?.stop(), sql?.end()]));

/** The e-mails in the order in which they were sent, each with its recipient and its link. */
const emails = () =>
  readdirSync(folder)
    .map((name) => ({ n: parseInt(name), email: name.replace(/^\d+-|\.html$/g, ""), name }))
    .sort((a, b) => a.n - b.n)
    .map(({ email, name }) => {
      const html = readFileSync(join(folder, name), "utf8");
      return { email, html, link: /"http:\/\/127\.0\.0\.1:3000(\/portal\?token=[\w-]{43})"/.exec(html)?.[1] };
    });

const openingsOf = async (email) =>
  (await sql`SELECT openings FROM timesheet.portal_openings WHERE email = ${email}`)[0].openings;

/** Their number, once it is the expected one: an opening is counted after the answer. */
async function openingsOnce(email, expected) {
  const end = Date.now() + 30_000;
  while ((await openingsOf(email)) < expected && Date.now() < end) await sleep(100);
  return openingsOf(email);
}

test("each e-mail that was sent has a link of its own, of which the database has only the hash", async () => {
  const sent = emails();
  const [{ count }] = await sql`SELECT count(*)::int AS count FROM timesheet.digests WHERE state = 'sent'`;
  assert.equal(sent.length, count);
  assert.ok(sent.every(({ link }) => link));
  assert.equal(new Set(sent.map(({ link }) => link)).size, sent.length);
  for (const { link } of sent) {
    const [{ links }] = await sql`
      SELECT count(*)::int AS links FROM timesheet.portal_links AS l
      WHERE l.token_sha256 = sha256(convert_to(${link.split("=")[1]}, 'UTF8'))`;
    assert.equal(links, 1);
  }
});

test("the link opens the contact's own hours, with the week's total as in the e-mail", async () => {
  for (const { email, link } of emails()
    .toReversed()
    .filter((one, n, all) => all.findIndex((o) => o.email === one.email) === n)) {
    const [digest] = await sql`
      SELECT d.hours::text AS hours FROM timesheet.digests AS d
      WHERE d.email = ${email} AND d.state = 'sent' AND d.week = '2026-11-16'`;
    const clients = await sql`
      SELECT g.name, m.contact_id IS NOT NULL AS "isOwn" FROM timesheet.client_groups AS g
      LEFT JOIN timesheet.contact_client_groups AS m ON m.client_group_id = g.client_group_id
        AND m.contact_id = timesheet.contact_id(${email})`;
    const before = await openingsOf(email);
    // What a filter of e-mails fetches counts as no opening.
    for (const method of ["HEAD", "GET"])
      assert.equal((await fetch(site.url + link, { method, redirect: "manual" })).status, 303);
    assert.equal(await openingsOf(email), before);
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(site.url + link);
    assert.match(new URL(page.url()).pathname, /^\/portal/);
    assert.ok(!page.url().includes("token"));
    const text = await page.locator("main").textContent();
    for (const { name, isOwn } of clients) assert.equal(text.includes(name), isOwn, `${email}: ${name}`);
    assert.equal(await openingsOnce(email, before + 1), before + 1);
    await page.goto(`${site.url}/portal/week/2026-11-16`);
    assert.ok((await page.locator("main").textContent()).includes(digest.hours), `${email}: ${digest.hours}`);
    await context.close();
  }
});
