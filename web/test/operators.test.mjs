// What is refused: people who may only read, other sites, forms that are stale, incomplete or sent twice.
import assert from "node:assert/strict";
import { request } from "node:http";
import { after, before, test } from "node:test";
import { contextOf, countOf, sessionOf, startStaff, startStaffSite } from "./staff_site.mjs";
import { freePort, startSite, superuser, uriOf } from "./world.mjs";

let site, browser, sql, page, client;
const cookies = {};

before(async () => {
  [site, browser, sql] = await startStaff();
  page = await (await contextOf(browser, site, "ana@agency.example")).newPage();
  for (const name of ["ana", "ben"]) cookies[name] = `timesheet-session=${await sessionOf(`${name}@agency.example`)}`;
  [client] = await sql`
    SELECT g.client_group_id AS id FROM timesheet.client_groups AS g ORDER BY g.client_group_id OFFSET 10 LIMIT 1`;
});
after(async () => {
  await browser?.close();
  await site?.stop();
  await sql?.end();
});

const main = () => page.locator("main").textContent();
const question = (zone) =>
  `/actions/set_client_group?client=${client.id}&zone=${encodeURIComponent(zone)}&week=3&step=confirm`;
const zoneOf = async () =>
  (await sql`SELECT time_zone AS zone FROM timesheet.client_groups WHERE client_group_id = ${client.id}`)[0].zone;

/** The form of a question, as its page sends it. */
async function formOf(path) {
  await page.goto(site.url + path);
  return new URLSearchParams(
    await page
      .locator('form[method="post"].action input')
      .evaluateAll((all) => all.map((one) => [one.name, one.value])),
  );
}

const post = (form, { of = "ana", to = site, action = "set_client_group", ...headers } = {}) =>
  fetch(`${to.url}/actions/${action}/send`, {
    method: "POST",
    redirect: "manual",
    body: form,
    headers: { origin: to.url, cookie: cookies[of] ?? "", ...headers },
  });

/** On a connection of its own: the server closes it, as it does not read the rest. */
const statusOf = (form) =>
  new Promise((resolve, reject) => {
    const headers = {
      origin: site.url,
      cookie: cookies.ana,
      "content-type": "application/x-www-form-urlencoded",
      "content-length": Buffer.byteLength(form.toString()),
    };
    const url = `${site.url}/actions/set_client_group/send`;
    request(url, { method: "POST", agent: false, headers }, (answer) => (answer.resume(), resolve(answer.statusCode)))
      .on("error", reject)
      .end(form.toString());
  });

const unchanged = async (why, ask) => {
  const [before, zone] = [await countOf(sql), await zoneOf()];
  const answer = await ask();
  assert.deepEqual([await countOf(sql), await zoneOf()], [before, zone], why);
  return answer;
};

test("a person not in OPERATORS sees no button, and posting by hand is 403", async () => {
  const form = await formOf(question("Europe/Madrid"));
  const context = await contextOf(browser, site, "ben@agency.example");
  const other = await context.newPage();
  const [digest] = await sql`SELECT delivery_id AS id FROM timesheet.digests WHERE state = 'sent' LIMIT 1`;
  for (const path of ["/", `/clients/${client.id}`, "/agents/1", "/digests", `/digests/${digest.id}`, "/health"]) {
    await other.goto(site.url + path);
    assert.equal(await other.locator("[data-action]").count(), 0, path);
    assert.equal(await other.locator("main form[method=post]").count(), 0, path);
    assert.equal(await other.locator("header").getByText("Changes").count(), 0, path);
  }
  const answer = await other.goto(site.url + question("Europe/Madrid"));
  assert.equal(answer.status(), 403);
  assert.equal(await other.locator("form.action").count(), 0);
  await context.close();
  assert.equal((await unchanged("by hand", () => post(form, { of: "ben" }))).status, 403);
});

test("where the session is over, the sign-in leads back to the question with what was typed", async () => {
  const form = await formOf(question("Europe/Madrid"));
  const signedOut = async (body, headers = {}) => {
    const answer = await unchanged("without a session", () => post(body, { of: "nobody", ...headers }));
    assert.equal(answer.status, 303);
    const url = new URL(answer.headers.get("location"), site.url);
    assert.equal(url.pathname, "/sign-in");
    return url.searchParams.get("next");
  };
  const next = await signedOut(form);
  assert.equal(
    next,
    `/actions/set_client_group?client=${client.id}&zone=Europe%2FMadrid&week=3&step=confirm` +
      `&request=${form.get("request")}`,
  );
  await page.goto(site.url + next);
  assert.match(await page.locator("[data-question]").textContent(), /Time zone.*Europe\/Madrid/);
  assert.equal(await page.locator("input[name=request]").inputValue(), form.get("request"));
  // Too long to be kept, and what is no form of ours: the form, empty.
  const long = new URLSearchParams(form);
  long.set("zone", "x".repeat(990));
  for (const [body, headers] of [
    [long],
    [new URLSearchParams({ zone: "Europe/Madrid" })],
    [form.toString(), { "content-type": "text/plain" }],
  ])
    assert.equal(await signedOut(body, headers), "/actions/set_client_group");
  const elsewhere = { of: "nobody", origin: "https://evil.example" };
  assert.equal((await unchanged("from another site", () => post(form, elsewhere))).status, 403);
});

test("without OPERATOR_DATABASE_URL everything is read-only", async () => {
  const form = await formOf(question("Europe/Madrid"));
  const readOnly = await startStaffSite({ OPERATOR_DATABASE_URL: "" });
  try {
    const context = await contextOf(browser, readOnly, "ana@agency.example");
    const other = await context.newPage();
    for (const path of [`/clients/${client.id}`, "/digests", "/health", "/actions", "/actions/corrections"]) {
      await other.goto(readOnly.url + path);
      assert.equal(await other.locator("[data-action]").count(), 0, path);
    }
    await other.goto(`${readOnly.url}/digests`);
    assert.ok((await other.locator(".remedy pre").count()) > 0);
    await context.close();
    assert.equal((await unchanged("read-only", () => post(form, { to: readOnly }))).status, 403);
  } finally {
    await readOnly.stop();
  }
});

test("a request from another site, or from none, is refused", async () => {
  const form = await formOf(question("Europe/Madrid"));
  for (const headers of [
    { origin: "https://evil.example" },
    { origin: "null" },
    { origin: `${site.url}.evil.example` },
    { origin: site.url.replace("http:", "https:") },
    { "sec-fetch-site": "cross-site" },
    { "sec-fetch-site": "same-site" },
  ])
    assert.equal((await unchanged(JSON.stringify(headers), () => post(form, headers))).status, 403);
  const none = await unchanged("no origin", () =>
    fetch(`${site.url}/actions/set_client_group/send`, {
      method: "POST",
      redirect: "manual",
      body: form,
      headers: { cookie: cookies.ana },
    }),
  );
  assert.equal(none.status, 403);
});

test("a question that another site's link leads to is not asked", async () => {
  const answer = await fetch(site.url + question("Europe/Madrid"), {
    headers: { cookie: cookies.ana, "sec-fetch-site": "cross-site" },
  });
  const text = await answer.text();
  assert.ok(!text.includes("data-question") && text.includes("Europe/Madrid"));
});

test("a form that is not ours is refused: its size, its type, its fields", async () => {
  const form = await formOf(question("Europe/Madrid"));
  const having = (change) => {
    const other = new URLSearchParams(form);
    change(other);
    return other;
  };
  const refused = async (status, body, headers) =>
    assert.equal((await unchanged(String(status), () => post(body, headers))).status, status);
  const large = having((other) => other.set("zone", "x".repeat(20_000)));
  assert.equal(await unchanged("413", () => statusOf(large)), 413);
  await refused(415, form.toString(), { "content-type": "text/plain" });
  await refused(415, JSON.stringify({}), { "content-type": "application/json" });
  await refused(400, new URLSearchParams());
  for (const name of ["request", "seen", "after"])
    await refused(
      400,
      having((other) => other.delete(name)),
    );
  await refused(
    400,
    having((other) => other.append("request", form.get("request"))),
  );
  await refused(
    400,
    having((other) => other.set("request", "1")),
  );
  await refused(
    400,
    having((other) => other.set("zone", "Europe/Madrid\0")),
  );
  await refused(404, form, { action: "constructor" });
  await refused(404, form, { action: "grant_roles" });
});

test("a double click, and the same form sent again, act once", async () => {
  const form = await formOf(question("Europe/Madrid"));
  const before = await countOf(sql);
  const answers = await Promise.all([post(form), post(form), post(form)]);
  answers.push(await post(form));
  for (const answer of answers)
    assert.deepEqual([answer.status, answer.headers.get("location")], [303, `/actions/done/${form.get("request")}`]);
  assert.equal(await countOf(sql), before + 1);
  assert.equal(await zoneOf(), "Europe/Madrid");
  const [{ actor }] = await sql`SELECT actor FROM timesheet.operator_actions WHERE request = ${form.get("request")}`;
  assert.equal(actor, "ana@agency.example");
  // The question that was answered leads to its result.
  await page.goto(`${site.url}${question("Europe/Madrid")}&request=${form.get("request")}`);
  assert.match(page.url(), /\/actions\/done\//);
});

test("a stale question does nothing, and says what it is now", async () => {
  const form = await formOf(question("Europe/Paris"));
  await sql`UPDATE timesheet.client_groups SET time_zone = 'Europe/Rome' WHERE client_group_id = ${client.id}`;
  const answer = await unchanged("stale", () => post(form));
  assert.equal(answer.status, 303);
  await page.goto(site.url + answer.headers.get("location"));
  assert.ok((await page.locator(".message").textContent()).startsWith("Another person changed this meanwhile"));
  assert.match(await page.locator("[data-question]").textContent(), /Time zoneEurope\/RomeEurope\/Paris/);
  await page.getByRole("button", { name: "Change it" }).click();
  await page.waitForURL(/\/actions\/done\//);
  assert.equal(await zoneOf(), "Europe/Paris");
});

test("a client's zone or week that another person changed meanwhile is not overwritten", async () => {
  await sql`UPDATE timesheet.client_groups SET week_starts_on = 1 WHERE client_group_id = ${client.id}`;
  const own = async () => ({
    ...(
      await sql`SELECT time_zone AS zone, week_starts_on AS week FROM timesheet.client_groups
      WHERE client_group_id = ${client.id}`
    )[0],
  });
  const refused = async (form, now) => {
    const answer = await unchanged("stale", () => post(form));
    await page.goto(site.url + answer.headers.get("location"));
    assert.ok((await page.locator(".message").textContent()).startsWith("Another person changed this meanwhile"));
    assert.deepEqual(await own(), now);
  };
  // The week alone, by the owner of the database.
  const week = await formOf(question("Europe/Oslo"));
  await sql`UPDATE timesheet.client_groups SET week_starts_on = 7 WHERE client_group_id = ${client.id}`;
  await refused(week, { zone: "Europe/Paris", week: 7 });
  // There and back again, by staff: what was seen is there, but somebody decided meanwhile.
  const [first, there] = [await formOf(question("Europe/Oslo")), await formOf(question("Europe/Rome"))];
  await post(there);
  await post(await formOf(`/actions/set_client_group?client=${client.id}&zone=Europe/Paris&week=7&step=confirm`));
  assert.deepEqual(await own(), { zone: "Europe/Paris", week: 7 });
  await refused(first, { zone: "Europe/Paris", week: 7 });
  // Two at once: one is done, and the other one says so.
  const before = await countOf(sql);
  const both = [await formOf(question("Europe/Vienna")), await formOf(question("Europe/Berlin"))];
  const answers = await Promise.all(both.map((form) => post(form)));
  const done = answers.map((answer) => answer.headers.get("location").startsWith("/actions/done/"));
  assert.deepEqual([...done].sort(), [false, true]);
  assert.equal(await countOf(sql), before + 1);
  assert.deepEqual(await own(), { zone: done[0] ? "Europe/Vienna" : "Europe/Berlin", week: 3 });
  await sql`UPDATE timesheet.client_groups SET time_zone = 'Europe/Paris' WHERE client_group_id = ${client.id}`;
});

test("a stale form does nothing, and shows what it is now", async () => {
  await page.goto(`${site.url}/actions/update_settings`);
  await sql`UPDATE timesheet.settings SET digest_time = '07:15'`;
  await page.getByLabel("Note sessions longer than").fill("9:00");
  await page.getByRole("button", { name: "Continue" }).click();
  await page.locator(".message").waitFor();
  assert.match(await page.locator(".message").textContent(), /^Another person changed this meanwhile/);
  assert.equal(await page.getByLabel("Digests are sent at").inputValue(), "07:15:00");
  assert.equal(await page.locator("[data-question]").count(), 0);
});

test("what does not exist, and what does not go together, is said, and the form keeps its values", async () => {
  // One that waits, also where other tests sent the sample's.
  await sql`
    UPDATE timesheet.digest_deliveries SET state = 'queued', sent_at = NULL WHERE delivery_id = (
      SELECT max(d.delivery_id) FROM timesheet.digests AS d
      WHERE d.email = 'maria.lopez@altamere.example' AND d.week = '2026-11-16')`;
  for (const [path, sentence] of [
    ["assign_client_group?agent=999999&client=1&since=2026-11-16&time=00:00&zone=UTC", "There is no agent 999999."],
    ["assign_client_group?agent=1&client=1&since=2026-02-30&time=00:00&zone=UTC", "“2026-02-30” is no date"],
    ["assign_client_group?agent=1&client=1&since=2026-03-29&time=02:30&zone=Europe/Madrid", "02:30 does not exist"],
    ["assign_client_group?agent=1&client=1&since=2026-11-16&time=25:00&zone=UTC", "“25:00” is no time of day"],
    ["set_working_time?agent=1&client=1&since=2026-11-16&cutoff=06:00", "Choose either an agent or a client"],
    ["set_working_time?agent=1&since=2026-11-16", "Enter a time zone, a time at which a day ends"],
    ["set_working_time?agent=1&since=2026-11-16&zone=Mars/Phobos", "“Mars/Phobos” is no time zone"],
    ["resend_digest?email=nobody&week=2026-11-16", "“nobody” is no e-mail address."],
    ["resend_digest?email=maria.lopez@altamere.example&week=2026-11-18", "is queued already: there is nothing to do."],
    ["resolve_delivery?delivery=999999&received=true", "There is no delivery 999999."],
    ["resolve_delivery?delivery=1&received=maybe", "Choose one of the two buttons."],
    ["acknowledge_alert?alert=999999", "There is no alert 999999."],
    ["revoke_correction?correction=999999", "There is no correction 999999."],
    ["revoke_correction?correction=1%20OR%201", "Choose a correction: “1 OR 1” is none."],
    ["update_settings?long_session=12:00&was=x", "Another person changed this meanwhile"],
  ]) {
    await page.goto(`${site.url}/actions/${path}&step=confirm`);
    assert.ok((await page.locator(".message").textContent()).includes(sentence), `${path}: ${await main()}`);
    assert.equal(await page.locator("[data-question]").count(), 0, path);
  }
  await page.goto(`${site.url}/actions/set_working_time?agent=1&since=2026-11-16&zone=Mars/Phobos&step=confirm`);
  assert.equal(await page.getByLabel("Time zone").inputValue(), "Mars/Phobos");
  assert.equal(await page.getByLabel("From workday").inputValue(), "2026-11-16");
});

test("what the database refuses is said with the remedy", async () => {
  // No contact has the address; the function knows.
  const none = await unchanged("P0002", async () =>
    post(await formOf("/actions/resend_digest?email=x@example.com&week=2026-11-16&step=confirm"), {
      action: "resend_digest",
    }),
  );
  await page.goto(site.url + none.headers.get("location"));
  assert.match(
    await page.locator(".message").textContent(),
    /^No contact has the address "x@example\.com"\. Choose it/,
  );
  // What does not go together.
  const settings = await unchanged("23514", async () =>
    post(await formOf("/actions/update_settings?long_session=47:00&step=confirm"), { action: "update_settings" }),
  );
  await page.goto(site.url + settings.headers.get("location"));
  assert.equal(
    await page.locator(".message").textContent(),
    "“Note sessions longer than” must not be longer than “Longest session”. Change one of the two. " +
      "Nothing was done. Correct the value and send the form again.",
  );
  // An alert that is over meanwhile.
  const [{ id }] = await sql`SELECT timesheet.raise_alert('failing_runs', 'over', 'three runs failed') AS id`;
  const form = await formOf(`/actions/acknowledge_alert?alert=${id}&step=confirm`);
  await sql`UPDATE timesheet.alerts SET resolved_at = now() WHERE alert_id = ${id}`;
  const over = await unchanged("55000", () => post(form, { action: "acknowledge_alert" }));
  await page.goto(site.url + over.headers.get("location"));
  assert.match(await page.locator(".message").textContent(), /^The alert is over since .*: there is nothing to do\.$/);
});

test("a lock that another change holds is waited for, then said", { timeout: 60_000 }, async () => {
  const form = await formOf(question("Europe/Lisbon"));
  const answer = await sql.begin(async (tx) => {
    await tx`LOCK TABLE timesheet.operator_lock IN SHARE UPDATE EXCLUSIVE MODE`;
    return post(form);
  });
  await page.goto(site.url + answer.headers.get("location"));
  assert.match(await page.locator(".message").textContent(), /is being carried out\. Nothing was done\./);
  assert.equal(await zoneOf(), "Europe/Paris");
});

test("a connection that is lost midway: sent again, the same form acts once", { timeout: 60_000 }, async () => {
  const form = await formOf(question("Europe/Lisbon"));
  const before = await countOf(sql);
  const root = superuser("acting");
  const answer = await sql.begin(async (tx) => {
    await tx`LOCK TABLE timesheet.operator_lock IN SHARE UPDATE EXCLUSIVE MODE`;
    const sending = post(form);
    for (let tries = 0; tries < 100; tries += 1) {
      const ended = await root`
        SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE application_name = 'timesheet-operator' AND wait_event_type = 'Lock'`;
      if (ended.length > 0) break;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    return sending;
  });
  await root.end();
  await page.goto(site.url + answer.headers.get("location"));
  assert.match(
    await page.locator(".message").textContent(),
    /it is not known whether this was done\. Send the form again/,
  );
  await page.getByRole("button", { name: "Change it" }).click();
  await page.waitForURL(new RegExp(`/actions/done/${form.get("request")}$`));
  assert.equal(await countOf(sql), before + 1);
  assert.equal(await zoneOf(), "Europe/Lisbon");
});

test("no link of others puts words on a page", async () => {
  for (const said of ["Your password is wrong", "eyJhbGciOiJkaXIifQ..a.b.c"]) {
    await page.goto(`${site.url}/actions/set_client_group?client=${client.id}&said=${encodeURIComponent(said)}`);
    assert.equal(await page.locator(".message").count(), 0);
    assert.ok(!(await main()).includes(said));
  }
});

test("hostile names and values are text", async () => {
  const hostile = `<script>window.hit=1</script><img src=x onerror="window.hit=1">'; DROP TABLE x; --`;
  await sql`UPDATE timesheet.client_groups SET name = ${hostile} WHERE client_group_id = ${client.id}`;
  const shows = async (path, text = hostile) => {
    await page.goto(site.url + path);
    assert.ok((await main()).includes(text), path);
    assert.equal(await page.locator("main script, main img").count(), 0, path);
    assert.equal(await page.evaluate(() => window.hit), undefined, path);
  };
  await shows("/actions");
  await shows(question("Europe/Madrid"));
  await page.getByRole("button", { name: "Change it" }).click();
  await page.waitForURL(/\/actions\/done\//);
  assert.ok((await main()).includes(hostile));
  await shows(`/actions/set_client_group?client=${client.id}`);
  const value = `"><script>window.hit=1</script>`;
  await shows(
    `/actions/set_working_time?agent=1&since=2026-11-16&zone=${encodeURIComponent(value)}&step=confirm`,
    value,
  );
  assert.equal(await page.getByLabel("Time zone").inputValue(), value);
});

test("in the demo the actor is the configured address, and only this machine's own pages are accepted", async () => {
  const port = await freePort();
  const demo = await startSite(
    {
      TIMESHEET_WEB_DEMO: "1",
      OPERATOR_DATABASE_URL: uriOf(process.env.TIMESHEET_WEB_TEST_OPERATOR_URI, "acting"),
      OPERATORS: "demo@agency.example",
    },
    { database: "acting", port },
  );
  try {
    const context = await browser.newContext();
    const other = await context.newPage();
    await other.goto(demo.url + question("Europe/Vienna"));
    await other.getByRole("button", { name: "Change it" }).click();
    await other.waitForURL(/\/actions\/done\//);
    const [{ actor }] =
      await sql`SELECT actor FROM timesheet.operator_actions ORDER BY operator_action_id DESC LIMIT 1`;
    assert.equal(actor, "demo@agency.example");
    for (const origin of ["http://127.0.0.1:9", "https://evil.example", `http://localhost:${port}`])
      assert.equal((await unchanged(origin, () => post(new URLSearchParams(), { to: demo, origin }))).status, 403);
    await context.close();
  } finally {
    await demo.stop();
  }
});
