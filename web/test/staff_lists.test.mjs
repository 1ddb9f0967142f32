// What staff asked for and changed, as lists and as files: previews and what became of them, changes, corrections.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import postgres from "postgres";
import { operatorUri, startStaffSite, contextOf } from "./staff_site.mjs";
import { csv, owner, startBrowser, startDemo, tableOf } from "./world.mjs";
import { xlsx } from "./xlsx.mjs";

let site, demo, browser, page, sql, operator;

before(async () => {
  [sql, operator] = [owner("acting"), postgres(operatorUri, { max: 1, onnotice: () => {} })];
  // Anybody may read these lists: the demo has no operators.
  [site, demo, browser] = [await startDemo("acting"), await startDemo(), await startBrowser()];
  page = await browser.newPage();
});
after(async () => {
  await sql`DELETE FROM timesheet.outbox_messages WHERE recipient LIKE '%@previews.example'`;
  await Promise.all([browser?.close(), site?.stop(), demo?.stop(), sql?.end(), operator?.end()]);
});

async function open(path, on = site) {
  assert.equal((await page.goto(on.url + path)).status(), 200, path);
}

const hostile = `=cmd|"/C calc"!A0 <img src=x onerror=alert(1)>`;

async function preview(actor, email, week, recipient, change) {
  const [{ id }] = await operator`
    SELECT timesheet.operate_send_preview(${actor}, ${email}, ${week}, ${recipient})::int AS id`;
  await sql`UPDATE timesheet.outbox_messages SET ${sql(change)} WHERE delivery_id = ${id}`;
  return id;
}

/** A row as the page has it. */
const cells = (row) => [row.actor, row.recipient, row.contact, row.week, row.state, row.happened];

test("previews: without any, the list says so", async () => {
  await open("/digests", demo);
  const panel = page.locator("section[aria-labelledby=previews-title]");
  assert.equal(await panel.locator(".empty").textContent(), "No preview was sent to staff yet.");
  assert.equal(await panel.locator("table").count(), 0);
  assert.deepEqual(await csv(`${demo.url}/digests/csv?table=previews`), []);
});

test("previews: who asked, of which contact and week, the state in words and what the provider said", async () => {
  const at = { created_at: "2026-11-24 09:05Z", last_attempt_at: "2026-11-24 09:06Z" };
  // Other tests of this database erase some.
  const [claire, maria] = await sql`
    SELECT c.email, '2026-11-16' AS week FROM timesheet.contacts AS c WHERE c.removed_at IS NULL AND EXISTS (
      SELECT FROM timesheet.contact_client_groups AS m WHERE m.contact_id = c.contact_id) ORDER BY c.email LIMIT 2`;
  const ids = [
    await preview("ana@agency.example", claire.email, claire.week, "ana@previews.example", {
      ...at,
      state: "sent",
      provider: "resend",
      provider_message_id: "p-1",
      attempts: 1,
      sent_at: "2026-11-24 09:06Z",
    }),
    await preview("ben@agency.example", maria.email, "2026-11-09", "ben@previews.example", {
      ...at,
      state: "failed",
      provider: "resend",
      attempts: 1,
      error: `Resend refused it: ${hostile}`,
    }),
    await preview("ana@agency.example", claire.email, claire.week, "ana@previews.example", {
      ...at,
      state: "in_doubt",
      provider: "mailgun",
      attempts: 2,
      error: "Mailgun did not answer within 30 s",
    }),
    await preview("ana@agency.example", claire.email, claire.week, "ana@previews.example", at),
  ];
  const [{ id: own }] = await sql`
    SELECT timesheet.send_preview(${claire.email}, ${claire.week}, 'owner@previews.example')::int AS id`;
  const [{ subject }] = await sql`SELECT subject FROM timesheet.outbox WHERE delivery_id = ${own}`;
  await open("/digests?q=previews.example");
  const { rows } = await tableOf(page, "previews");
  assert.deepEqual(
    rows.map((row) => Number(row.key)),
    [own, ...ids.toReversed()],
  );
  const waits = "Waits for the next pass of timesheetd";
  const expected = [
    ["the owner of the database", "owner@previews.example", subject, "–", "queued", waits],
    ["ana@agency.example", "ana@previews.example", claire.email, "Mon 16 Nov 2026", "queued", waits],
    [
      "ana@agency.example",
      "ana@previews.example",
      claire.email,
      "Mon 16 Nov 2026",
      "in doubt",
      "Mailgun did not answer within 30 s",
    ],
    [
      "ben@agency.example",
      "ben@previews.example",
      maria.email,
      "Mon 9 Nov 2026",
      "failed",
      `Resend refused it: ${hostile}`,
    ],
    [
      "ana@agency.example",
      "ana@previews.example",
      claire.email,
      "Mon 16 Nov 2026",
      "sent",
      "Resend accepted it at 24 Nov 2026, 09:06 (UTC)",
    ],
  ];
  assert.deepEqual(rows.map(cells), expected);
  assert.equal(rows[1].queuedAt, "24 Nov 2026, 09:05");
  assert.equal(await page.locator('table[data-table="previews"] img').count(), 0);
  for (const file of [csv, xlsx]) {
    const name = file === csv ? "csv" : "xlsx";
    const exported = await file(`${site.url}/digests/${name}?table=previews&q=previews.example`);
    assert.deepEqual(
      exported.map((row) => [row["Asked by"], row.To, row["Digest of"], row.State, row["What happened"]]),
      expected.map(([actor, to, contact, , state, happened]) => [actor, to, contact, state, happened]),
    );
    assert.deepEqual(
      exported.map((row) => Number(row.Attempts)),
      [0, 0, 2, 1, 1],
    );
    assert.deepEqual(
      exported.map((row) => Number(row.Delivery)),
      [own, ...ids.toReversed()],
    );
  }
  await open(`/digests?q=${encodeURIComponent("zzz previews.example")}`);
  assert.equal(
    await page.locator("section[aria-labelledby=previews-title] .empty").textContent(),
    "No preview has “zzz previews.example”.",
  );
});

test("previews: the newest 50 are shown, and the files have all", async () => {
  await sql`
    INSERT INTO timesheet.outbox_messages (kind, recipient, subject, content, state)
    SELECT 'preview', 'many@previews.example', 'Preview ' || n, '{}', 'sent' FROM generate_series(1, 60) AS n`;
  await open("/digests");
  const { rows } = await tableOf(page, "previews");
  assert.deepEqual(
    rows.map((row) => row.contact),
    Array.from({ length: 50 }, (_, n) => `Preview ${60 - n}`),
  );
  assert.match(
    await page.locator("section[aria-labelledby=previews-title] .hint").textContent(),
    /^The newest 50; the files have all\./,
  );
  const [{ all }] = await sql`SELECT count(*)::int AS all FROM timesheet.outbox`;
  assert.equal((await csv(`${site.url}/digests/csv?table=previews`)).length, all);
  assert.equal((await csv(`${site.url}/digests/csv?table=previews&q=many`)).length, 60);
});

test("previews: the button is for those who may change something", async () => {
  const staff = await startStaffSite();
  try {
    for (const [address, buttons] of [
      ["ana@agency.example", 1],
      ["ben@agency.example", 0],
    ]) {
      const context = await contextOf(browser, staff, address);
      const own = await context.newPage();
      await own.goto(`${staff.url}/digests`);
      const panel = own.locator("section[aria-labelledby=previews-title]");
      assert.equal(await panel.getByRole("link", { name: "Preview a digest" }).count(), buttons, address);
      await context.close();
    }
  } finally {
    await staff.stop();
  }
});

test("changes and corrections: the files have all of them, as the database does", async () => {
  const [{ agent }] = await sql`
    SELECT a.agent_id AS agent FROM timesheet.agents AS a
    WHERE a.client_group_id IS NOT NULL ORDER BY a.agent_id DESC LIMIT 1`;
  // More than a page has, of which one was taken back.
  for (let n = 0; n < 52; n += 1)
    await operator`
      SELECT timesheet.operate_set_working_time('ana@agency.example', since => ${`2026-11-${n < 26 ? "23" : "24"}`},
        day_cutoff => ${`0${n % 7}:00`}, for_agent => ${agent})`;
  const [{ last }] = await sql`SELECT max(correction_id)::int AS last FROM timesheet.corrections`;
  await operator`SELECT timesheet.operate_revoke_correction('ana@agency.example', ${last})`;
  const [{ label }] = await sql`SELECT label FROM timesheet.agent_labels WHERE agent_id = ${agent}`;
  const actions = await sql`
    SELECT o.actor, to_char(o.at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI') AS at FROM timesheet.operator_actions AS o
    ORDER BY o.operator_action_id DESC`;
  const changes = await csv(`${site.url}/actions/csv`);
  assert.deepEqual(
    changes.map((row) => [row.Who, row["When (UTC)"]]),
    actions.map((row) => [row.actor, row.at]),
  );
  assert.match(changes[0].What, new RegExp(`^Correction ${last} was taken back; `));
  assert.ok(changes[1].What.startsWith(`${label} from Tue 24 Nov 2026 on: a day ends at 02:00; `), changes[1].What);
  await open("/actions");
  const shown = (await tableOf(page, "changes")).rows;
  assert.deepEqual(
    shown.map((row) => [row.actor, row.what]),
    changes.slice(0, 50).map((row) => [row.Who, row.What]),
  );
  const [first] = await xlsx(`${site.url}/actions/xlsx`);
  assert.deepEqual(first["When (UTC)"], { at: `${actions[0].at}:00`, format: "yyyy-mm-dd hh:mm" });

  const all = await sql`
    SELECT c.correction_id::text AS id, c.actor, c.revoked_at IS NULL AS counts FROM timesheet.corrections AS c
    ORDER BY c.correction_id DESC`;
  const corrections = await csv(`${site.url}/actions/corrections/csv`);
  assert.ok(corrections.length > 51);
  assert.deepEqual(
    corrections.map((row) => [row.Number, row.Who, row.State === "counts"]),
    all.map((row) => [row.id, row.actor ?? "the owner of the database", row.counts]),
  );
  assert.equal(corrections[0].What, `${label} from 24 Nov 2026 on: a day ends at 02:00`);
  assert.match(corrections[0].State, /^taken back /);
  await open("/actions/corrections");
  assert.deepEqual(
    (await tableOf(page, "corrections")).rows.map((row) => [row.id, row.what, row.state]),
    corrections.slice(0, 50).map((row) => [row.Number, row.What, row.State]),
  );
});
