// Each action of staff through the browser, with and without scripts: the database has it once, with the actor.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { contextOf, countOf, newest, startStaff } from "./staff_site.mjs";

let site, browser, sql;
const pages = {};
const modes = ["with scripts", "without scripts"];

before(async () => {
  [site, browser, sql] = await startStaff();
  for (const mode of modes) {
    const context = await contextOf(browser, site, "Ana@agency.example", { javaScriptEnabled: mode === modes[0] });
    pages[mode] = await context.newPage();
  }
});
after(async () => {
  await browser?.close();
  await site?.stop();
  await sql?.end();
});

/** Sends the question that is shown; what it said, and what its result says. */
async function send(page, button) {
  await page.locator("[data-question]").waitFor();
  const question = await page.locator("[data-question]").textContent();
  await page.getByRole("button", { name: button, exact: true }).click();
  await page.waitForURL(/\/actions\/done\/[0-9a-f-]{36}$/);
  return { question, done: await page.locator("[data-done]").textContent() };
}

/** Fills in a form and sends what it leads to. */
async function fill(page, values, button) {
  for (const [label, value] of Object.entries(values)) {
    const field = page.getByLabel(label, { exact: true });
    if ((await field.evaluate((element) => element.tagName)) === "SELECT") await field.selectOption({ label: value });
    else await field.fill(value);
  }
  await page.getByRole("button", { name: "Continue" }).click();
  return send(page, button);
}

/** One action, in each mode; n numbers the modes, so that each has its own object. */
function each(name, action, carryOut) {
  modes.forEach((mode, n) =>
    test(`${name}, ${mode}`, async () => {
      const before = await countOf(sql);
      await carryOut(pages[mode], n);
      const done = await newest(sql);
      assert.equal(await countOf(sql), before + 1);
      assert.equal(done.action, action);
      assert.equal(done.actor, "Ana@agency.example");
    }),
  );
}

const agents = () => sql`
  SELECT a.agent_id AS id, l.label AS name, a.client_group_id AS client FROM timesheet.agents AS a
  JOIN timesheet.agent_labels AS l USING (agent_id)
  WHERE (SELECT count(*) FROM timesheet.time_entries AS e
    WHERE e.agent_id = a.agent_id AND e.start_time_utc >= '2026-11-16Z' AND e.client_group_id = a.client_group_id) > 10
  ORDER BY a.agent_id`;
/** An agent's entries by their id, each with its workday, when that ends, and its client. */
const placesOf = async (agent) =>
  new Map(
    (
      await sql`
        SELECT e.jibble_activity_id AS id,
          concat_ws(' ', e.workday, e.workday_end, coalesce(e.client_group_id, 0)) AS place
        FROM timesheet.time_entries AS e WHERE e.agent_id = ${agent}`
    ).map((row) => [row.id, row.place]),
  );
const differing = (one, other) => [...one].filter(([id, place]) => other.get(id) !== place).length;

each("a client's time zone and week", "set_client_group", async (page, n) => {
  const [client] = await sql`
    SELECT g.client_group_id AS id FROM timesheet.client_groups AS g ORDER BY g.client_group_id OFFSET ${n} LIMIT 1`;
  const [{ entries }] = await sql`
    SELECT count(*)::int AS entries FROM timesheet.time_entries AS e
    WHERE e.client_group_id = ${client.id} AND e.deleted_at IS NULL`;
  await page.goto(`${site.url}/clients/${client.id}`);
  await page.getByRole("link", { name: "Time zone and week" }).click();
  const { question, done } = await fill(
    page,
    { "Time zone": "Atlantic/Azores", "Week begins on": "Sunday" },
    "Change it",
  );
  assert.ok(question.includes(`${entries.toLocaleString("en-GB")} time entr`), question);
  assert.match(done, /^1 client, .+: time zone Atlantic\/Azores, week begins on Sunday; 0 entries changed\.$/);
  const [row] = await sql`
    SELECT time_zone, week_starts_on FROM timesheet.client_groups WHERE client_group_id = ${client.id}`;
  assert.deepEqual({ ...row }, { time_zone: "Atlantic/Azores", week_starts_on: 7 });
});

each("a working zone and a cut-off from a date, with what it would do", "set_working_time", async (page, n) => {
  const agent = (await agents())[n];
  const before = await placesOf(agent.id);
  await page.goto(`${site.url}/agents/${agent.id}`);
  await page.getByRole("link", { name: "Working zone or cut-off" }).click();
  const { question, done } = await fill(
    page,
    { "From workday": "2026-11-16", "Time zone": "Asia/Manila", "A day ends at": "12:00" },
    "Set it",
  );
  const changed = differing(before, await placesOf(agent.id));
  assert.ok(changed > 0);
  assert.match(question, new RegExp(`From Mon 16 Nov 2026 on, for .*${changed} entr(y|ies) would change\\.`));
  assert.match(question, /Hours of [1-9]\d* weeks? would change: those that begin on .*sent digests? would show/);
  assert.ok(done.includes(`${changed} entr`), done);
  const [row] = await sql`SELECT * FROM timesheet.corrections ORDER BY correction_id DESC LIMIT 1`;
  assert.deepEqual(
    [row.agent_id, row.since_date, row.time_zone, row.day_cutoff, row.actor, row.revoked_at],
    [agent.id, "2026-11-16", "Asia/Manila", "12:00:00", "Ana@agency.example", null],
  );
});

each("an agent is moved to another client from an instant", "assign_client_group", async (page, n) => {
  const agent = (await agents())[n + 2];
  const [client] = await sql`
    SELECT l.key AS id, l.label AS name FROM timesheet.client_group_labels AS l
    WHERE l.key NOT IN (0, ${agent.client}) ORDER BY l.key DESC LIMIT 1`;
  const before = await placesOf(agent.id);
  await page.goto(`${site.url}/agents/${agent.id}`);
  await page.getByRole("link", { name: "Move to another client" }).click();
  const { question } = await fill(
    page,
    { "New client": client.name, From: "2026-11-16", at: "05:30", "Time zone": "Asia/Manila" },
    "Move the agent",
  );
  const changed = differing(before, await placesOf(agent.id));
  assert.ok(changed > 0);
  assert.ok(question.includes("from Mon 16 Nov 2026, 05:30 (Asia/Manila) on"), question);
  assert.match(question, new RegExp(`${changed} entr(y|ies) would change\\.`));
  const [row] = await sql`
    SELECT c.agent_id, c.client_group_id, c.since = '2026-11-15 21:30Z' AS is_since FROM timesheet.corrections AS c
    ORDER BY correction_id DESC LIMIT 1`;
  assert.deepEqual({ ...row }, { agent_id: agent.id, client_group_id: client.id, is_since: true });
});

each("a correction is taken back", "revoke_correction", async (page) => {
  const [{ id, agent }] = await sql`
    SELECT c.correction_id AS id, c.agent_id AS agent FROM timesheet.corrections AS c
    WHERE c.revoked_at IS NULL ORDER BY 1 DESC LIMIT 1`;
  const before = await placesOf(agent);
  await page.goto(`${site.url}/actions/corrections`);
  await page.locator(`tr[data-row="${id}"]`).getByRole("link", { name: "Take back" }).click();
  const { question } = await send(page, "Take it back");
  assert.match(question, new RegExp(`${differing(before, await placesOf(agent))} entr(y|ies) would change\\.`));
  const [row] = await sql`SELECT revoked_at IS NULL AS counts FROM timesheet.corrections WHERE correction_id = ${id}`;
  assert.equal(row.counts, false);
  await page.goto(`${site.url}/actions/corrections`);
  assert.match(await page.locator(`tr[data-row="${id}"]`).textContent(), /taken back/);
});

const sent = () => sql`
  SELECT d.delivery_id AS id, d.email, d.week FROM timesheet.digests AS d JOIN timesheet.digest_emails AS m
  USING (delivery_id) WHERE d.state = 'sent' AND NOT m.is_revised AND m.unsubscribed_at IS NULL AND m.removed_at IS NULL
  ORDER BY d.delivery_id`;

each("a digest is sent again", "resend_digest", async (page) => {
  const [digest] = await sent();
  // The sample was read before its last weeks were over: as if it was read again now.
  await sql`
    INSERT INTO timesheet.ingest_runs (command, since, until, status, started_at, finished_at, pages, rows, new)
    VALUES ('nightly', '2026-10-01', current_date + 1, 'succeeded', now(), now(), 3, 180, 0)`;
  await page.goto(`${site.url}/digests/${digest.id}`);
  await page.getByRole("link", { name: "Send it again" }).click();
  const { question, done } = await send(page, "Send it again");
  assert.match(question, /One e-mail to .* will be queued, as revision 2 of/);
  const [{ result }] = [await newest(sql)];
  assert.ok(done.includes(`as delivery ${result}`), done);
  const [row] = await sql`SELECT email, week, revision, state FROM timesheet.digests WHERE delivery_id = ${result}`;
  assert.deepEqual({ ...row }, { email: digest.email, week: digest.week, revision: 2, state: "queued" });
});

each("a digest in doubt arrived, or did not", "resolve_delivery", async (page, n) => {
  const [digest] = await sent();
  await sql`UPDATE timesheet.digest_deliveries SET state = 'in_doubt', sent_at = NULL WHERE delivery_id = ${digest.id}`;
  await page.goto(`${site.url}/digests`);
  const item = page.locator(`li[data-delivery="${digest.id}"]`);
  assert.equal(await item.locator("pre").count(), 0, "no SQL for those who have the button");
  await item.getByRole("link", { name: n === 0 ? "It arrived" : "It did not arrive" }).click();
  const { question } = await send(page, n === 0 ? "Record that it arrived" : "Record that it did not arrive");
  assert.match(question, /^1 digest, to /);
  const [row] = await sql`SELECT state FROM timesheet.digests WHERE delivery_id = ${digest.id}`;
  assert.equal(row.state, n === 0 ? "sent" : "failed");
});

each("a preview goes to the person who asks", "send_preview", async (page) => {
  const [digest] = await sent();
  await page.goto(`${site.url}/digests/${digest.id}`);
  await page.getByRole("link", { name: "Send me a preview" }).click();
  const { question } = await send(page, "Send it to me");
  assert.ok(question.includes("queued to you, Ana@agency.example"), question);
  const done = await newest(sql);
  assert.deepEqual(
    [done.arguments.email, done.arguments.week, done.arguments.recipient],
    [digest.email, digest.week, "Ana@agency.example"],
  );
});

each("a contact is subscribed again", "resubscribe", async (page) => {
  const [digest] = await sent();
  await sql`UPDATE timesheet.contacts SET unsubscribed_at = now() WHERE email = ${digest.email}`;
  await page.goto(`${site.url}/digests/${digest.id}`);
  await page.getByRole("link", { name: "Subscribe the contact again" }).click();
  await send(page, "Subscribe again");
  const [row] = await sql`SELECT unsubscribed_at FROM timesheet.contacts WHERE email = ${digest.email}`;
  assert.equal(row.unsubscribed_at, null);
});

each("an alert is acknowledged", "acknowledge_alert", async (page, n) => {
  const [{ id }] = await sql`SELECT timesheet.raise_alert('failing_runs', ${`test ${n}`}, 'three runs failed') AS id`;
  await page.goto(`${site.url}/health`);
  await page.locator(`a[data-action="acknowledge_alert"][href*="alert=${id}&"]`).click();
  const { question } = await send(page, "Acknowledge");
  assert.ok(question.includes("three runs failed"), question);
  const [row] = await sql`SELECT acknowledged_by, resolved_at FROM timesheet.alerts WHERE alert_id = ${id}`;
  assert.deepEqual({ ...row }, { acknowledged_by: "Ana@agency.example", resolved_at: null });
  await page.goto(`${site.url}/health`);
  assert.ok((await page.locator("main").textContent()).includes("acknowledged by Ana@agency.example"));
});

each("deletions that are held back are deleted, or kept", "resolve_deletions", async (page, n) => {
  const agent = (await agents())[n + 4];
  await sql`
    INSERT INTO timesheet.held_deletions (resource, jibble_id, person_id, reason)
    SELECT 'TimeEntries', e.jibble_activity_id, a.jibble_id, 'person_deleted' FROM timesheet.time_entries AS e
    JOIN timesheet.agents AS a USING (agent_id)
    WHERE a.agent_id = ${agent.id} AND e.workday = '2026-11-17' ORDER BY e.start_time_utc LIMIT 2`;
  await sql`SELECT timesheet.update_deletion_alerts()`;
  const [{ id }] = await sql`
    SELECT alert_id AS id FROM timesheet.alerts WHERE subject = ${`agent ${agent.id}`} AND resolved_at IS NULL`;
  await page.goto(`${site.url}/health`);
  await page
    .locator(`a[data-action="resolve_deletions"][href*="alert=${id}&"]`, { hasText: n === 0 ? "Delete" : "Keep" })
    .click();
  const { question } = await send(page, n === 0 ? "Delete" : "Keep");
  assert.match(question, /^2 objects that Jibble no longer shows will be .*They are of 1 day, Tue 17 Nov 2026\./);
  const [{ deleted }] = await sql`
    SELECT count(*)::int AS deleted FROM timesheet.time_entries AS e
    WHERE e.agent_id = ${agent.id} AND e.workday = '2026-11-17' AND e.deleted_at IS NOT NULL`;
  assert.equal(deleted, n === 0 ? 2 : 0);
  assert.equal((await newest(sql)).result, 2);
});

each("an agent's personal data is erased, and the hours stay", "erase_agent", async (page, n) => {
  const agent = (await agents())[n + 6];
  const refused = async () => {
    await page.goto(`${site.url}/actions/erase_agent?agent=${agent.id}&step=confirm`);
    return page.locator("main").textContent();
  };
  await sql`
    INSERT INTO timesheet.digest_deliveries (contact_id, week, revision, email, content, through_raw_event, agent_ids)
    SELECT d.contact_id, '2025-06-02', ${n + 1}, 'q@agency.example', d.content, 0, ARRAY[${agent.id}::int]
    FROM timesheet.digest_deliveries AS d WHERE d.content ? 'total' ORDER BY d.delivery_id LIMIT 1`;
  assert.match(await refused(), /still to be sent\. So nothing was done\. Try again once it was sent; the list of dig/);
  await sql`UPDATE timesheet.outgoing_emails SET state = 'sent', sent_at = now() WHERE state = 'queued'`;
  const hours = () => sql`
    SELECT r.workday, sum(r.work_seconds)::text AS work FROM timesheet.daily_report AS r
    WHERE r.agent_id = ${agent.id} GROUP BY r.workday ORDER BY r.workday`;
  const [before, [{ payloads }]] = [
    await hours(),
    await sql`SELECT count(*)::int AS payloads FROM timesheet.payloads_of_agent(${agent.id})`,
  ];
  await page.goto(`${site.url}/actions`);
  await page.getByRole("link", { name: "Erase an agent's personal data" }).click();
  const { question, done } = await fill(page, { Agent: agent.name }, "Erase for good");
  const reduced = `${payloads.toLocaleString("en-GB")} payloads of what Jibble sent would be reduced.`;
  assert.ok(question.includes(reduced), question);
  const { result } = await newest(sql);
  assert.equal(result.payloads, payloads);
  assert.equal(
    done,
    `The personal data of agent ${agent.id} was erased: ${payloads.toLocaleString("en-GB")} payloads reduced, ` +
      `${result.digests} sent digest${result.digests === 1 ? "" : "s"} changed; the hours stay.`,
  );
  const [row] = await sql`SELECT full_name, email FROM timesheet.agents WHERE agent_id = ${agent.id}`;
  assert.deepEqual({ ...row }, { full_name: `Erased agent ${agent.id}`, email: null });
  assert.deepEqual(await hours(), before);
});

each("a contact's address is erased once Airtable does not list it", "erase_contact", async (page) => {
  const [digest] = await sent();
  await page.goto(`${site.url}/actions`);
  await page.getByRole("link", { name: "Erase a contact's address" }).click();
  await page.getByLabel("Contact", { exact: true }).fill(digest.email);
  await page.getByRole("button", { name: "Continue" }).click();
  assert.ok((await page.locator("main").textContent()).includes(`Airtable still lists ${digest.email}`));
  await sql`UPDATE timesheet.contacts SET removed_at = now() WHERE email = ${digest.email}`;
  await page.goto(`${site.url}/actions/erase_contact`);
  const { done } = await fill(page, { Contact: digest.email }, "Erase for good");
  const { result, arguments: given } = await newest(sql);
  assert.ok(result.digests > 0);
  assert.equal(
    done,
    `The address of contact ${given.contact} was erased: ${result.digests} sent ` +
      `digest${result.digests === 1 ? "" : "s"} changed; the hours stay.`,
  );
  const [row] = await sql`SELECT count(*)::int AS left FROM timesheet.digests WHERE email = ${digest.email}`;
  assert.equal(row.left, 0);
});

each("a setting, with what it is and what it would be", "update_settings", async (page, n) => {
  await page.goto(`${site.url}/actions`);
  await page.getByRole("link", { name: "Settings", exact: true }).click();
  const { question, done } = await fill(page, { "Note sessions longer than": `1${n}:30` }, "Change settings");
  const [{ agents, entries }] = await sql`
    SELECT (SELECT count(*)::int FROM timesheet.agents) AS agents,
      (SELECT count(*)::int FROM timesheet.time_entries WHERE deleted_at IS NULL) AS entries`;
  assert.ok(
    question.startsWith(
      `1 setting will be changed.No hours change. Notes of ${agents} agents with ` +
        `${entries.toLocaleString("en-GB")} time entries are counted again.`,
    ),
    question,
  );
  assert.ok(question.includes(`Note sessions longer than${n === 0 ? "12:00" : "10:30"}1${n}:30`), question);
  assert.equal(done, `1 setting was changed. Note sessions longer than: 1${n}:30.`);
  const [row] = await sql`SELECT long_session::text AS value FROM timesheet.settings`;
  assert.equal(row.value, `1${n}:30:00`);
});

each("how long payloads are kept, with how many are older", "update_settings", async (page, n) => {
  const label = "Keep what Jibble sent whole for";
  const [{ older }] = await sql`
    WITH old AS (
      UPDATE timesheet.raw_events SET fetched_at = now() - interval '40 days' WHERE raw_event_id IN (
        SELECT r.raw_event_id FROM timesheet.raw_events AS r
        WHERE r.resource = 'TimeEntries' AND r.reduced_at IS NULL ORDER BY 1 LIMIT 3) RETURNING 1)
    SELECT count(*)::int AS older FROM old`;
  assert.equal(older, 3);
  await page.goto(`${site.url}/actions/update_settings`);
  // Without scripts after with scripts: what the first one set is taken back.
  const { question, done } = await fill(page, { [label]: n === 0 ? "30" : "" }, "Change settings");
  if (n === 0) {
    assert.match(
      question,
      /^1 setting will be changed\.No hours change\.3 payloads that were read more than 30 days ago/,
    );
    assert.match(question, /notes, places and devices are removed\. .* This cannot be undone\./);
  } else assert.match(question, /No more payloads will be reduced\. What was reduced already stays so\./);
  const [now, then] = n === 0 ? ["for good", "30 days"] : ["30 days", "for good"];
  assert.ok(question.includes(`${label}${now}${then}`), question);
  assert.equal(done, `1 setting was changed. ${label}: ${then}.`);
  const [row] = await sql`SELECT keep_payloads::text AS value FROM timesheet.settings`;
  assert.equal(row.value, n === 0 ? "30 days" : null);
});

test("what was kept before is no part of what is held back now", async () => {
  const page = pages[modes[1]];
  const agent = (await agents())[8];
  // Five entries of one day: three were kept in the past, two are new.
  await sql`
    INSERT INTO timesheet.held_deletions (resource, jibble_id, person_id, reason, kept_at)
    SELECT 'TimeEntries', e.jibble_activity_id, a.jibble_id, 'person_deleted',
      CASE WHEN row_number() OVER (ORDER BY e.start_time_utc) <= 3 THEN now() - interval '7 days' END
    FROM timesheet.time_entries AS e JOIN timesheet.agents AS a USING (agent_id)
    WHERE a.agent_id = ${agent.id} AND e.deleted_at IS NULL ORDER BY e.start_time_utc LIMIT 5`;
  await sql`SELECT timesheet.update_deletion_alerts()`;
  const [{ id }] = await sql`
    SELECT alert_id AS id FROM timesheet.alerts WHERE subject = ${`agent ${agent.id}`} AND resolved_at IS NULL`;
  const ask = async (accept) => {
    await page.goto(`${site.url}/actions/resolve_deletions?alert=${id}&accept=${accept}&step=confirm`);
    assert.equal(await page.locator("input[name=expects]").inputValue(), "2");
    return page.locator("[data-question]").textContent();
  };
  assert.match(await ask(true), /^2 objects that Jibble no longer shows will be deleted/);
  assert.match(await ask(false), /^2 objects that Jibble no longer shows will be kept/);
  const fold = page.locator("[data-question] details");
  assert.match(await fold.locator("p").textContent(), /^If they are to be deleted, run timesheetd sync --since /);
  assert.equal(await fold.locator("p").isVisible(), false);
  assert.match((await send(page, "Keep")).done, /^2 objects that Jibble no longer shows kept/);
  const [{ kept }] = await sql`
    SELECT count(kept_at)::int AS kept FROM timesheet.held_deletions WHERE person_id = (
      SELECT jibble_id FROM timesheet.agents WHERE agent_id = ${agent.id})`;
  assert.equal(kept, 5);
});

test("who did what can be read, also by those who may only read", async () => {
  const context = await contextOf(browser, site, "ben@agency.example");
  const page = await context.newPage();
  await page.goto(`${site.url}/actions`);
  const shown = await page
    .locator('table[data-table="changes"] tbody tr')
    .evaluateAll((rows) => rows.map((row) => [row.dataset.row, row.querySelector("[data-column=actor]").textContent]));
  const expected = await sql`SELECT operator_action_id::text AS id, actor FROM timesheet.operator_actions
    ORDER BY operator_action_id DESC LIMIT 50`;
  assert.deepEqual(
    shown,
    expected.map((row) => [row.id, row.actor]),
  );
  assert.match(await page.locator("tbody tr").nth(3).textContent(), /Note sessions longer than: 11:30/);
  await context.close();
});
