// Alerts: the names of their kinds, where each is documented, and who was informed of them by which way and when.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { alertName } from "../src/components/codes.ts";
import { alertPlaces, placeOfAlert } from "../src/components/rules.ts";
import { tooWideAt, violationsOf } from "./axe.mjs";
import { browser, open, page, site, sql } from "./demo_site.mjs";
import { docsUrl } from "./world.mjs";

const subject = "of the test";
const document = readFileSync("../docs/alerts.md", "utf8");

async function forget() {
  await sql`DELETE FROM timesheet.alerts WHERE subject LIKE ${`${subject}%`}`;
  await sql`DELETE FROM timesheet.webhook_messages WHERE kind = 'failing_runs'`;
  await sql`DELETE FROM timesheet.outbox_messages WHERE kind = 'alert'`;
  await sql`DELETE FROM timesheet.notification_ways`;
}

/** A test that begins and ends without ways and messages. */
const tidy = (name, run) =>
  test(name, async () => {
    await forget();
    try {
      await run();
    } finally {
      await forget();
    }
  });

/** An alert that began at 10:02 on 23 November, in UTC, which is the office's zone here. */
async function raise({ kind = "failing_runs", about = subject, resolved = null, acknowledged = null } = {}) {
  const [{ id }] = await sql`
    INSERT INTO timesheet.alerts (kind, subject, since, detail, resolved_at, acknowledged_at, acknowledged_by)
    VALUES (${kind}, ${about}, '2026-11-23 10:02Z', 'what happened', ${resolved}, ${acknowledged},
      ${acknowledged && "ana@agency.example"})
    RETURNING alert_id AS id`;
  return id;
}

/** A message about an event of it; sent says when, and without it the message waits or has failed. */
async function message(id, way, event, { sent = null, state = sent ? "sent" : "queued", error = null } = {}) {
  if (way === "webhook")
    await sql`
      WITH m AS (
        INSERT INTO timesheet.webhook_messages (kind, alert_ids, body, state, sent_at, error)
        VALUES ('failing_runs', ${[id]}, 'x', ${state}, ${sent}, ${error}) RETURNING webhook_message_id)
      INSERT INTO timesheet.alert_notifications (alert_id, way, event, webhook_message_id)
      SELECT ${id}, ${way}, ${event}, m.webhook_message_id FROM m`;
  else
    await sql`
      WITH m AS (
        INSERT INTO timesheet.outbox_messages (kind, alert_kind, recipient, subject, content, state, sent_at, error)
        VALUES ('alert', 'failing_runs', ${way.slice(6)}, 'x', '{}', ${state}, ${sent}, ${error}) RETURNING delivery_id)
      INSERT INTO timesheet.alert_notifications (alert_id, way, event, delivery_id)
      SELECT ${id}, ${way}, ${event}, m.delivery_id FROM m`;
}

const configure = (...ways) =>
  Promise.all(ways.map((way) => sql`INSERT INTO timesheet.notification_ways (way) VALUES (${way})`));

async function shown(id, on = page) {
  return on.locator(`[data-informed="${id}"]`).allTextContents();
}

const anchorOf = (heading) =>
  heading
    .toLowerCase()
    .replace(/[^\w -]/g, "")
    .replaceAll(" ", "-");

test("each kind of alert has the database's title here, and is documented under it", async () => {
  const [{ definition }] = await sql`
    SELECT pg_get_constraintdef(oid) AS definition FROM pg_constraint WHERE conname = 'alert_kind_must_be_known'`;
  const kinds = [...definition.matchAll(/'(\w+)'/g)].map(([, kind]) => kind);
  assert.equal(kinds.length, 12);
  assert.deepEqual(Object.keys(alertPlaces).sort(), kinds.toSorted());
  for (const kind of kinds) {
    const [{ title }] = await sql`SELECT title FROM timesheet.alert_texts(${kind})`;
    assert.equal(alertName(kind), title, kind);
    assert.equal(placeOfAlert(kind), `alerts.md#${anchorOf(title)}`, kind);
    assert.ok(document.includes(`### ${title}\n\n\`${kind}\``), kind);
  }
});

tidy("without an address and a webhook, health says that no one is informed", async () => {
  const [open_, over] = [await raise(), await raise({ resolved: "2026-11-23 10:31Z" })];
  await open("/health");
  const ways = page.locator("[data-ways]");
  assert.equal(
    await ways.textContent(),
    "No one is informed of alerts: neither an address nor a webhook is configured.",
  );
  assert.equal(await ways.getByRole("link").getAttribute("href"), `${docsUrl}/alerts.md#set-it-up`);
  assert.deepEqual(await shown(open_), ["Sent to no one"]);
  assert.deepEqual(await shown(over), []);
});

tidy("health says who was informed of an alert's beginning and end, and when", async () => {
  await configure("webhook", "email ann@agency.example", "email ben@agency.example");
  await sql`INSERT INTO timesheet.notification_ways (way, is_configured) VALUES ('email former@agency.example', false)`;
  const over = await raise({ resolved: "2026-11-24 00:31Z" });
  await message(over, "email ann@agency.example", "began", { sent: "2026-11-23 10:03Z" });
  await message(over, "webhook", "began", { sent: "2026-11-23 10:02Z" });
  await message(over, "email ann@agency.example", "ended", { sent: "2026-11-24 00:32Z" });
  await message(over, "webhook", "ended", { state: "sending" });
  const failed = await raise({ about: `${subject} 2` });
  await message(failed, "webhook", "began", { state: "failed", error: "it answered 403 <b>Forbidden</b>" });
  await message(failed, "email ben@agency.example", "began");
  const silent = await raise({ about: `${subject} 3`, acknowledged: "2026-11-23 10:05Z" });
  await sql`INSERT INTO timesheet.alert_notifications (alert_id, way, event) VALUES (${silent}, 'webhook', 'began')`;
  const waits = await raise({ about: `${subject} 4` });

  await open("/health");
  const ways = page.locator("[data-ways]");
  assert.equal(await ways.getAttribute("data-ways"), "3");
  assert.match(await ways.textContent(), /^Alerts are sent to 2 e-mail addresses and a webhook/);
  assert.deepEqual(await shown(over), [
    "Its beginning was sent to ann@agency.example 10:03, the webhook 10:02 (UTC)",
    "Its end was sent to ann@agency.example 24 Nov 2026, 00:32 (UTC)",
    "Its end waits to be sent to the webhook",
  ]);
  assert.deepEqual(await shown(failed), [
    "Its beginning waits to be sent to ben@agency.example",
    "Its beginning was not sent to the webhook (it answered 403 <b>Forbidden</b>)",
  ]);
  assert.deepEqual(await shown(silent), []);
  assert.deepEqual(await shown(waits), ["Not sent yet"]);

  for (const colorScheme of ["light", "dark"]) {
    const context = await browser.newContext({
      colorScheme,
      viewport: { width: 320, height: 844 },
      reducedMotion: "reduce",
    });
    const narrow = await context.newPage();
    await narrow.goto(`${site.url}/health`);
    assert.deepEqual(await violationsOf(narrow), [], colorScheme);
    assert.deepEqual(await tooWideAt(narrow, [390, 768]), [], colorScheme);
    await context.close();
  }
  const context = await browser.newContext({ javaScriptEnabled: false });
  const plain = await context.newPage();
  await plain.goto(`${site.url}/health`);
  assert.equal((await shown(over, plain)).length, 3);
  await context.close();
});

tidy("one way alone is named as such", async () => {
  await configure("email ann@agency.example");
  await open("/health");
  assert.match(await page.locator("[data-ways]").textContent(), /^Alerts are sent to one e-mail address:/);
  await forget();
  await configure("webhook");
  await open("/health");
  assert.match(await page.locator("[data-ways]").textContent(), /^Alerts are sent to a webhook:/);
});

tidy("one alert for each of many deliveries hides no other, on each page that shows some", async () => {
  const [{ open: before }] = await sql`SELECT count(*)::int AS open FROM timesheet.alerts WHERE resolved_at IS NULL`;
  await raise({ kind: "notification_failed" });
  await sql`
    INSERT INTO timesheet.alerts (kind, subject, detail)
    SELECT 'digest_failed', ${`${subject} `} || n, 'the digest failed' FROM generate_series(1, 30) AS n`;
  const isNamed = async () => (await page.locator("main").innerText()).includes("Notification failed");
  for (const path of ["/", "/?from=2026-11-16&to=2026-11-22", "/health"]) {
    await open(path);
    assert.ok(await isNamed(), path);
  }
  assert.match(
    await page.locator("#more-alerts").textContent(),
    new RegExp(`^${before + 31} alerts are open; these are 20 of them\\.$`),
  );
  // The digests page and a line of the start page have them with their number.
  await open("/");
  assert.equal(await page.locator(".message", { hasText: "the digest failed" }).count(), 0);
});
