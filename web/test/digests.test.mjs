// Digests: the outbox as SQL has it, and an e-mail that can do no harm.
import assert from "node:assert/strict";
import { test } from "node:test";
import { browser, open, page, site, sql } from "./demo_site.mjs";
import { csv, figure, hundredths, owner, reader, tableOf } from "./world.mjs";

const days = "from=2026-11-16&to=2026-11-29";

// From the table, which the dashboard does not read.
const outbox = (where) => sql`
  SELECT d.delivery_id::text AS id, d.email, d.state, d.revision, d.attempts,
    (d.content #>> '{total,hours}')::numeric AS hours FROM timesheet.digest_deliveries AS d
  WHERE d.created_at >= '2026-11-16Z' AND d.created_at < '2026-11-30Z' ${where ?? sql``}
  ORDER BY d.created_at DESC, d.delivery_id DESC`;

test("the sample has a delivery in each lasting state", async () => {
  const found = await sql`SELECT state, count(*)::int AS count FROM timesheet.digest_deliveries GROUP BY 1 ORDER BY 1`;
  assert.deepEqual(Object.fromEntries(found.map((row) => [row.state, row.count])), {
    failed: 1,
    in_doubt: 1,
    queued: 1,
    sent: 8,
  });
});

test("digests: rows, hours and footer equal the outbox; tiles equal the health view", async () => {
  await open(`/digests?${days}`);
  const { rows, total } = await tableOf(page, "digests");
  const expected = await outbox();
  assert.deepEqual(
    rows.map((row) => [
      row.key,
      row.email,
      row.state.replace(" ", "_"),
      /revision (\d+)$/.exec(row.title)?.[1] ?? "1",
      hundredths(row.hours),
    ]),
    expected.map((row) => [row.id, row.email, row.state, String(row.revision), Math.round(row.hours * 100)]),
  );
  assert.equal(
    hundredths(total.hours),
    expected.reduce((all, row) => all + Math.round(row.hours * 100), 0),
  );
  const [health] = await sql`SELECT * FROM timesheet.digest_health`;
  for (const [id, value] of [
    ["in-doubt", health.in_doubt],
    ["failed", health.failed],
    ["queued", health.queued],
    ["overdue", health.overdue],
    ["problems", health.contact_problems],
  ])
    assert.equal(await figure(page, id), String(value), id);
});

test("digests: those not queued yet equal the schedule, each with the reason", async () => {
  await open(`/digests?${days}`);
  const expected = await sql`SELECT w.email, to_char(w.due_at AT TIME ZONE 'UTC', 'FMDD Mon YYYY, HH24:MI') AS due,
      coalesce(w.waits_because, 'it is due; the next pass of timesheetd queues it') AS because
    FROM timesheet.digest_weeks AS w ORDER BY w.due_at, w.email`;
  assert.ok(expected.length >= 5);
  assert.deepEqual(
    (await tableOf(page, "waiting")).rows.map((row) => [row.email, row.due, row.because]),
    expected.map((row) => [row.email, row.due, row.because]),
  );
});

test("digests: search, state and order equal SQL's, also in the export, whose sums equal the page's", async () => {
  for (const [query, where, order] of [
    ["q=altamere", sql`AND d.email LIKE '%altamere%'`, null],
    ["state=failed", sql`AND d.state = 'failed'`, null],
    ["sort=-hours", null, (a, b) => b.hours - a.hours],
    [
      "sort=email&state=sent",
      sql`AND d.state = 'sent'`,
      (a, b) => (a.email < b.email ? -1 : a.email > b.email ? 1 : 0),
    ],
  ]) {
    await open(`/digests?${days}&${query}`);
    const { rows, total } = await tableOf(page, "digests");
    const expected = [...(await outbox(where))];
    if (order)
      assert.deepEqual(
        rows.map((row) => hundredths(row.hours)).length &&
          [...rows]
            .sort((a, b) => order({ ...a, hours: hundredths(a.hours) }, { ...b, hours: hundredths(b.hours) }))
            .map((row) => row.key),
        rows.map((row) => row.key),
        query,
      );
    assert.deepEqual(new Set(rows.map((row) => row.key)), new Set(expected.map((row) => row.id)), query);
    assert.ok(rows.length > 0, query);
    const exported = await csv(`${site.url}/digests/csv?${days}&${query}`);
    assert.deepEqual(
      exported.map((row) => row.Delivery),
      rows.map((row) => row.key),
      query,
    );
    assert.equal(
      exported.reduce((all, row) => all + hundredths(row.Hours), 0),
      hundredths(total.hours),
      query,
    );
    assert.equal(
      exported.reduce((all, row) => all + Number(row.Attempts), 0),
      expected.reduce((all, row) => all + row.attempts, 0),
      query,
    );
  }
});

test("digests: many are shown page by page; the footer and the export include all", async () => {
  const [{ contact }] = await sql`SELECT contact_id AS contact FROM timesheet.contacts ORDER BY 1 LIMIT 1`;
  await sql`
    INSERT INTO timesheet.digest_deliveries (contact_id, week, revision, email, content, through_raw_event, state,
      created_at)
    SELECT ${contact}, '2025-06-02', n, 'many@example.com',
      jsonb_build_object('title', 'Many', 'period', 'Mon 2 – Sun 8 Jun 2025', 'total',
        jsonb_build_object('hours', n || '.25')), 0, 'failed',
      '2025-06-10 08:00Z'::timestamptz + n * interval '1 minute' FROM generate_series(1, 120) AS n`;
  try {
    const seen = [];
    for (const part of [1, 2, 3]) {
      await open(`/digests?from=2025-06-10&to=2025-06-10&page=${part}&sort=-hours`);
      const { rows, total } = await tableOf(page, "digests");
      seen.push(...rows.map((row) => row.hours));
      assert.equal(total.hours, "7,290.00"); // (1 + … + 120) + 120 × 0.25
    }
    assert.deepEqual(
      seen,
      Array.from({ length: 120 }, (_, n) => `${120 - n}.25`),
    );
    assert.equal((await csv(`${site.url}/digests/csv?from=2025-06-10&to=2025-06-10`)).length, 120);
  } finally {
    await sql`DELETE FROM timesheet.digest_deliveries WHERE email = 'many@example.com'`;
  }
});

test("in doubt and failed: the statements shown do what the text says", async () => {
  const copy = owner();
  await open("/digests");
  const [doubtful] =
    await sql`SELECT delivery_id::text AS id, email FROM timesheet.digest_deliveries WHERE state = 'in_doubt'`;
  const [failed] =
    await sql`SELECT delivery_id::text AS id, email FROM timesheet.digest_deliveries WHERE state = 'failed'`;
  const remedy = async (id) =>
    (await page.locator(`[data-delivery="${id}"] .remedy pre`).textContent())
      .split("\n")
      .map((line) => line.replace(/--.*/, "").trim())
      .filter(Boolean);
  const [received, lost, again] = await remedy(doubtful.id);
  const [resend] = await remedy(failed.id);
  class Undo extends Error {}
  const become = (statements, id) =>
    copy
      .begin(async (tx) => {
        for (const statement of statements) await tx.unsafe(statement);
        const [{ state }] = await tx`SELECT state FROM timesheet.digest_deliveries WHERE delivery_id = ${id}`;
        const [{ queued }] = await tx`
          SELECT count(*)::int AS queued FROM timesheet.digest_deliveries AS d JOIN timesheet.digest_deliveries AS o
            USING (contact_id, week) WHERE o.delivery_id = ${id} AND d.state = 'queued' AND d.revision > o.revision`;
        throw Object.assign(new Undo(), { state, queued });
      })
      .catch((error) => {
        if (error instanceof Undo) return [error.state, error.queued];
        throw error;
      });
  try {
    assert.deepEqual(await become([received], doubtful.id), ["sent", 0]);
    assert.deepEqual(await become([lost, again], doubtful.id), ["failed", 1]);
    assert.deepEqual(await become([resend], failed.id), ["failed", 1]);
  } finally {
    await copy.end();
  }
  for (const [path, pattern] of [
    [`/digests/${doubtful.id}`, /may have arrived/],
    [`/digests/${failed.id}`, /will not be tried again/],
  ]) {
    await open(path);
    assert.match(await page.locator(".message.bad").textContent(), pattern);
  }
  await open("/");
  assert.match(
    await page.locator("section[aria-labelledby=attention] .message.bad").first().textContent(),
    /Digests: one is in doubt, one failed/,
  );
  await open("/health");
  assert.equal(await figure(page, "digests"), "2");
  // The sample has one in the queue. Which of its later weeks are due depends on the day on which the test runs.
  const [{ overdue }] = await sql`
    SELECT count(*)::int AS overdue FROM timesheet.digest_weeks AS w WHERE w.due_at <= now()`;
  assert.equal(await figure(page, "digests-waiting"), String(1 + overdue));
  assert.match(
    await page.locator('.tile:has([data-figure="digests-waiting"])').textContent(),
    new RegExp(`1 in the queue, ${overdue} overdue$`),
  );
});

test("a digest: the numbers as sent, the e-mail and its text, attempts and revisions", async () => {
  const [delivery] = await sql`
    SELECT delivery_id AS id, provider_message_id, body, content FROM timesheet.digest_deliveries
    WHERE email = 'operations@redstone.example' AND week = '2026-11-16'`;
  await open(`/digests/${delivery.id}`);
  const expected = await sql`
    SELECT concat_ws(' ', week, client_group_id, agent_id) AS key, sum(hours) AS hours FROM timesheet.digest_figures
    WHERE delivery_id = ${delivery.id} AND week = '2026-11-16' GROUP BY week, client_group_id, agent_id`;
  const { rows, total } = await tableOf(page, "reported");
  assert.deepEqual(
    Object.fromEntries(rows.map((row) => [row.key, hundredths(row.hours)])),
    Object.fromEntries(expected.map((row) => [row.key, Math.round(row.hours * 100)])),
  );
  assert.equal(total.hours, delivery.content.total.hours);
  assert.equal(await figure(page, "hours"), delivery.content.total.hours);
  const exported = await csv(`${site.url}/digests/${delivery.id}/csv`);
  assert.equal(
    exported.reduce((all, row) => all + hundredths(row.Hours), 0),
    hundredths(total.hours),
  );
  assert.equal(await page.locator("[data-fact='Provider\\'s id']").textContent(), delivery.provider_message_id);
  assert.equal(await page.locator("[data-fact=Subject]").textContent(), delivery.content.subject);
  // The place of the token of its link to the portal is left out.
  const shown = delivery.body.replace(/\?token=token-of-[0-9a-f-]{36}/, "");
  assert.ok(shown.length < delivery.body.length && !shown.includes("token"));
  assert.equal(await page.locator(".text-part pre").textContent(), shown);
  const email = page.frameLocator("iframe.mail");
  assert.ok((await email.locator("body").textContent()).includes(delivery.content.total.hours));
  const [doubtful] = await sql`SELECT delivery_id AS id FROM timesheet.digest_deliveries WHERE state = 'in_doubt'`;
  await open(`/digests/${doubtful.id}`);
  assert.deepEqual(
    (await tableOf(page, "revisions")).rows.map((row) => [row.revision, row.state]),
    [
      ["2", "in doubt"],
      ["1", "sent"],
    ],
  );
});

test("the numbers stay as sent: a later correction does not change them", async () => {
  const [{ id, agent }] = await sql`
    SELECT f.delivery_id AS id, f.agent_id AS agent FROM timesheet.digest_figures AS f
    WHERE f.workday = '2026-11-17' AND f.week = '2026-11-16' ORDER BY f.delivery_id, f.agent_id LIMIT 1`;
  await open(`/digests/${id}`);
  const earlier = (await tableOf(page, "reported")).rows;
  await sql`
    UPDATE timesheet.time_entries SET start_time_utc = start_time_utc + interval '30 minutes'
    WHERE agent_id = ${agent} AND workday = '2026-11-17' AND raw_type = 'Out'`;
  try {
    await open(`/digests/${id}`);
    assert.deepEqual((await tableOf(page, "reported")).rows, earlier);
  } finally {
    await sql`
      UPDATE timesheet.time_entries SET start_time_utc = start_time_utc - interval '30 minutes'
      WHERE agent_id = ${agent} AND workday = '2026-11-17' AND raw_type = 'Out'`;
  }
});

test("the preview is shown after navigation without a reload", async () => {
  const [{ title }] =
    await sql`SELECT d.content->>'title' AS title FROM timesheet.digest_deliveries AS d WHERE d.state = 'in_doubt'`;
  await open("/digests");
  await page.evaluate(() => (window.isTheSame = true));
  await page.locator(".to-resolve [data-delivery] a").first().click();
  await page.frameLocator("iframe.mail").getByText(title).first().waitFor();
  assert.equal(await page.evaluate(() => window.isTheSame), true);
});

test("a row links to its digest, also without scripts", async () => {
  const [{ id }] = await outbox();
  const context = await browser.newContext({ javaScriptEnabled: false });
  try {
    const plain = await context.newPage();
    await plain.goto(`${site.url}/digests?${days}`);
    await plain.locator("table[data-table=digests] tbody th a").first().click();
    await plain.waitForURL(`${site.url}/digests/${id}`);
    assert.equal(await plain.locator("#facts").textContent(), `Delivery ${id}`);
  } finally {
    await context.close();
  }
});

test("no unsubscribe token can be read: not on the dashboard, not as its role", async () => {
  const [{ token, id }] = await sql`
    SELECT c.unsubscribe_token AS token, d.delivery_id AS id FROM timesheet.contacts AS c
    JOIN timesheet.digest_deliveries AS d USING (contact_id) WHERE d.html IS NOT NULL ORDER BY d.delivery_id LIMIT 1`;
  await sql`
    UPDATE timesheet.digest_deliveries
      SET html = html || ${`<a href="https://x.example/unsubscribe?token=${token}">x</a>`}, body = body || ${token}
        WHERE delivery_id = ${id}`;
  for (const path of [`/digests/${id}`, `/digests/${id}/mail`])
    assert.ok(!(await (await fetch(site.url + path)).text()).includes(token), path);
  const asReader = reader();
  for (const table of ["contacts", "digest_deliveries"])
    await assert.rejects(asReader`SELECT * FROM timesheet.${asReader(table)}`, { code: "42501" });
  const [{ found }] = await asReader`
    SELECT count(*)::int AS found FROM timesheet.digest_emails WHERE concat(html, body) LIKE ${`%${token}%`}`;
  assert.equal(found, 0);
  await asReader.end();
});
