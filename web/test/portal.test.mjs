// The clients' portal: what it shows, in which words, on which screens; and nothing of any other client.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { tooWideAt, violationsOf } from "./axe.mjs";
import {
  agency,
  cookieOf,
  copyDatabase,
  dropDatabase,
  makeLink,
  portalRole,
  startPortalAt,
  visitorOf,
} from "./portal_site.mjs";
import { figure, hundredths, owner, parseCsv, startBrowser, tableOf } from "./world.mjs";
import { addDays } from "../src/range/days.ts";
import { shared } from "../src/portal/shared.ts";
import { currentWeek, daysOfWeek, isLive, mondayOf, weekOf, weeksShown } from "../src/portal/weeks.ts";
import { asOfText, listOf, unconfirmedSentence, weekText, zoneName } from "../src/portal/words.ts";

const database = "portal";
const person = "operations@redstone.example";
const other = "maria.lopez@altamere.example";
const week = "2026-11-16";
const widths = [320, 360, 390, 768, 1280];
let site, sql, browser, token, sharedDay;
const problems = [];

/**
 * On the Sunday of the week an agent of the other client works for both: until 08:00 for the other, on its activity,
 * and then for the person's client until 11:07, so that 3.12 h are one's and 2.00 h the other's.
 */
async function shareAgent() {
  const [both] = await sql`
    SELECT a.agent_id AS agent, a.full_name AS name, theirs.client_group_id AS theirs, ours.client_group_id AS ours,
      (SELECT activity_id FROM timesheet.activities WHERE name LIKE 'Altamere%' ORDER BY 1 LIMIT 1) AS activity
    FROM timesheet.client_groups AS theirs JOIN timesheet.agents AS a USING (client_group_id),
      timesheet.client_groups AS ours
    WHERE theirs.name = 'Altamere Health' AND ours.name = 'Redstone Solar' AND a.status = 'Joined'
    ORDER BY a.agent_id LIMIT 1`;
  await sql`
    DELETE FROM timesheet.time_entries WHERE agent_id = ${both.agent} AND workday = '2026-11-22'`;
  await sql`
    INSERT INTO timesheet.time_entries (jibble_activity_id, agent_id, client_group_id, activity_id, start_time_utc,
      raw_type, time_zone, workday, workday_end)
    SELECT gen_random_uuid(), ${both.agent}::int, v.client_group, v.activity, v.at::timestamptz, v.type, 'UTC',
      '2026-11-22', '2026-11-22 23:00Z'
    FROM (VALUES ('2026-11-22 06:00Z', 'In', ${both.theirs}::int, ${both.activity}::int),
      ('2026-11-22 08:00Z', 'In', ${both.ours}::int, NULL),
      ('2026-11-22 11:07Z', 'Out', ${both.ours}::int, NULL)) AS v (at, type, client_group, activity)`;
  await sql`
    INSERT INTO timesheet.agent_history (agent_id, valid_from, client_group_id, time_zone, day_cutoff, is_overridden)
    SELECT h.agent_id, '2026-11-22 07:00Z', ${both.ours}, h.time_zone, h.day_cutoff, h.is_overridden
    FROM timesheet.agent_history AS h
    WHERE h.agent_id = ${both.agent} ORDER BY h.valid_from DESC LIMIT 1`;
  await sql`SELECT timesheet.refresh()`;
  return both;
}

before(async () => {
  await copyDatabase(database);
  sql = owner(database);
  sharedDay = await shareAgent();
  token = await makeLink(sql, person);
  [site, browser] = [await startPortalAt(undefined, { database }), await startBrowser()];
});
after(async () => {
  await browser?.close();
  await site?.stop();
  await sql?.end();
  await dropDatabase(database);
});

const get = (path, of = token) => fetch(site.url + path, { headers: cookieOf(of), redirect: "manual" });
const file = async (path, of) => parseCsv(await (await get(path, of)).text());

async function withPage(look, options, of = token) {
  const context = await visitorOf(browser, site, of, options);
  const page = await context.newPage();
  page.on("pageerror", (error) => problems.push(error.message));
  page.on("console", (message) => message.type() === "error" && problems.push(message.text()));
  try {
    await look(page);
  } finally {
    await context.close();
  }
  assert.deepEqual(problems, []);
}

async function digestPath() {
  const text = await (await get("/portal/digests")).text();
  return /\/portal\/digests\/\d+/.exec(text)[0];
}

test("the first page: whose hours, as of when, this week, last week and the twelve before", async () => {
  await withPage(async (page) => {
    await page.goto(`${site.url}/portal`);
    assert.equal(await page.title(), `Your hours · ${agency}`);
    assert.equal(await page.locator("h1").textContent(), "Granite Peak Insurance and Redstone Solar");
    assert.match(await page.locator("[data-as-of]").textContent(), /^As of (\w{3} \d+ \w{3}, )?\d\d:\d\d, New York$/);
    const weeks = await tableOf(page, "weeks");
    assert.deepEqual(
      weeks.rows.map(({ key }) => key),
      Array.from({ length: 13 }, (_, n) => addDays("2026-11-23", -7 * n)),
    );
    const figures = [];
    for (const id of ["now", "before", "past"]) figures.push(hundredths((await figure(page, id)).replace(" h", "")));
    const hours = weeks.rows.map((row) => hundredths(row.hours));
    assert.deepEqual(figures, [hours[0], hours[1], hours.slice(1).reduce((a, b) => a + b, 0)]);
    const [{ seconds }] = await sql`
      SELECT sum(r.work_seconds) AS seconds FROM timesheet.weekly_report AS r
      WHERE r.client_group IN ('Redstone Solar', 'Granite Peak Insurance') AND r.week_start = '2026-11-16'`;
    assert.equal(hours[1], Math.round(seconds / 36));
    assert.ok((await page.locator("[data-unconfirmed]").textContent()).includes(unconfirmedSentence));
    await page.getByRole("link", { name: "16 – 22 Nov 2026" }).first().click();
    await page.waitForURL(/\/portal\/week\/2026-11-16$/);
    assert.equal(await page.locator("h1").textContent(), "16 – 22 Nov 2026");
    await page.getByRole("link", { name: "Week before" }).click();
    await page.waitForURL(/\/portal\/week\/2026-11-09$/);
  });
});

test("as in an e-mail, activities of one name are one line, and a client without hours is one too", async () => {
  const [{ contact }] = await sql`SELECT timesheet.contact_id(${person}) AS contact`;
  const activities = await sql`
    SELECT r.activity_id AS id, r.activity AS name FROM timesheet.weekly_report AS r
    WHERE r.client_group IN ('Redstone Solar', 'Granite Peak Insurance') AND r.week_start = ${week}
      AND r.activity_id IS NOT NULL AND r.work_seconds > 0 GROUP BY 1, 2 ORDER BY 1 LIMIT 2`;
  await sql`UPDATE timesheet.activities SET name = ${activities[0].name} WHERE activity_id = ${activities[1].id}`;
  try {
    const expected = await sql`SELECT * FROM timesheet.digest_activities(${contact}, ${week})`;
    await withPage(async (page) => {
      await page.goto(`${site.url}/portal/week/${week}`);
      const { rows } = await tableOf(page, "activities");
      assert.deepEqual(
        rows.map((row) => [row.name, hundredths(row.hours)]).sort(),
        expected.map((row) => [row.activity, hundredths(`${row.hours}`)]).sort(),
      );
      await page.goto(`${site.url}/portal/week/2026-08-17`);
      assert.deepEqual(
        (await tableOf(page, "clients")).rows.map((row) => [row.name, row.hours]),
        [
          ["Granite Peak Insurance", "0.00"],
          ["Redstone Solar", "0.00"],
        ],
      );
    });
  } finally {
    await sql`UPDATE timesheet.activities SET name = ${activities[1].name} WHERE activity_id = ${activities[1].id}`;
  }
});

test("hours that are not complete are never shown without as of when they are known", async () => {
  for (const [of, isShown] of [
    ["2026-11-23", true],
    ["2026-11-09", false],
  ]) {
    const text = await (await get(`/portal/week/${of}`)).text();
    assert.equal(/data-as-of[^>]*>As of/.test(text), isShown, of);
  }
});

test("a slash at the end of the dashboard's addresses is left out, as of the portal's", async () => {
  for (const [path, place] of [
    ["/clients/", "/clients"],
    ["/clients/?from=x", "/clients?from=x"],
    ["/portal/", "/portal"],
  ]) {
    const response = await get(path);
    assert.deepEqual([response.status, response.headers.get("location")], [308, place]);
  }
  const place = (await get("//evil.example/")).headers.get("location");
  assert.equal(new URL(place, site.url).origin, site.url);
});

test("the sentence about unconfirmed hours is the e-mails' own", async () => {
  const [{ text }] = await sql`SELECT timesheet.unconfirmed_text() AS text`;
  assert.ok(unconfirmedSentence.includes(`hours without a confirmed clock-out: ${text}.`));
});

test("a week by day: clock-in and clock-out by the client's clock, and the agent's where it is another", async () => {
  const rows = await sql`
    SELECT a.workday AS day, a.agent_id AS agent, to_char(a.clock_in_client, 'HH24:MI') AS client_in,
      to_char(a.clock_in_local, 'HH24:MI') AS agent_in, a.time_zone AS zone
    FROM timesheet.attendance AS a
    WHERE a.client_group IN ('Redstone Solar', 'Granite Peak Insurance') AND a.workday BETWEEN '2026-11-16' AND
      '2026-11-21' AND a.clock_in IS NOT NULL`;
  assert.ok(rows.length > 5);
  await withPage(async (page) => {
    await page.goto(`${site.url}/portal/week/${week}`);
    for (const { day, agent, client_in, agent_in, zone } of rows) {
      const item = page.locator(`[data-day="${day}"] [data-agent="${agent}"]`);
      const text = await item.locator('[data-clock="client"]').textContent();
      assert.match(text, new RegExp(`${client_in} – .*, New York$`));
      if (zoneName(zone) !== "New York")
        assert.match(
          await item.locator('[data-clock="agent"]').textContent(),
          new RegExp(`^${agent_in} – .*, ${zoneName(zone)} \\(agent's time\\)$`),
        );
    }
  });
});

test("each table as CSV has the cells of the page", async () => {
  await withPage(async (page) => {
    for (const [path, ids] of [
      ["/portal", ["weeks", "clients", "agents", "activities"]],
      [`/portal/week/${week}`, ["clients", "agents", "activities"]],
    ]) {
      await page.goto(site.url + path);
      for (const id of ids) {
        const { rows } = await tableOf(page, id);
        const exported = await file(`${path}/csv?table=${id}`);
        const figures = (row) =>
          Object.entries(row)
            .filter(([, value]) => /^[\d,]+\.\d\d$/.test(value))
            .map(([, value]) => hundredths(value));
        assert.deepEqual(exported.map(figures), rows.map(figures), `${path} ${id}`);
      }
    }
  });
  const days = await file(`/portal/week/${week}/csv?table=days`);
  assert.deepEqual(Object.keys(days[0]).slice(0, 3), ["Day", "Agent", "Clients"]);
  const notes = await file(`/portal/week/${week}/csv?table=notes`);
  assert.ok(notes.length > 0 && notes.every((note) => note.Day >= "2026-11-16" && note.Day <= "2026-11-22"));
  const response = await get(`/portal/week/${week}/csv?table=days`);
  assert.match(response.headers.get("content-disposition"), /^attachment; filename="hours days 2026-11-16\.csv"$/);
  assert.match(response.headers.get("cache-control"), /no-store/);
});

test("what changed after it was sent is shown, with what was sent and what it is now", async () => {
  const [{ agent, client, name }] = await sql`
    SELECT f.agent_id AS agent, f.client_group_id AS client, a.name FROM timesheet.digest_figures AS f
    JOIN timesheet.agent_names AS a USING (agent_id) JOIN timesheet.digest_deliveries AS d USING (delivery_id)
    JOIN timesheet.contacts AS c USING (contact_id)
    WHERE c.email = ${person} AND f.workday = '2026-11-17' AND d.state = 'sent' LIMIT 1`;
  await sql`
    INSERT INTO timesheet.hour_entries (jibble_id, agent_id, client_group_id, workday, seconds)
    VALUES ('00000000-0000-4000-8000-00000000c0de', ${agent}, ${client}, '2026-11-17', 1800)`;
  await sql`SELECT timesheet.refresh()`;
  try {
    await withPage(async (page) => {
      for (const path of ["/portal", `/portal/week/${week}`]) {
        await page.goto(site.url + path);
        const item = page
          .locator('[data-list="corrections"] li')
          .filter({ hasText: name })
          .filter({ hasText: "Tue 17 Nov 2026" });
        const [, before, now] = /^(\d+\.\d\d) h in the e-mail, (\d+\.\d\d) h now$/.exec(
          await item.locator(".what").textContent(),
        );
        assert.equal(hundredths(now) - hundredths(before), 50);
      }
    });
    const rows = await file(`/portal/week/${week}/csv?table=corrections`);
    assert.ok(rows.some((row) => row.Agent === name && row.Day === "2026-11-17" && / h now$/.test(row.Details)));
  } finally {
    await sql`DELETE FROM timesheet.hour_entries WHERE jibble_id = '00000000-0000-4000-8000-00000000c0de'`;
    await sql`SELECT timesheet.refresh()`;
  }
});

test("e-mails are shown as they were sent, in a frame in which nothing runs, without a link that lives", async () => {
  const path = await digestPath();
  await withPage(async (page) => {
    await page.goto(`${site.url}/portal/digests`);
    assert.equal(await page.locator("[data-digest]").count(), 2);
    await page.locator("[data-digest] a").first().click();
    const frame = page.frameLocator("iframe.mail");
    await frame.locator(".total-hours").waitFor();
    assert.equal(await page.locator("iframe.mail").getAttribute("sandbox"), "");
    const heading = await page.locator("h1").textContent();
    assert.ok(heading.includes(await frame.locator(".total-hours").textContent()));
  });
  const response = await get(`${path}/mail`);
  assert.equal(response.headers.get("x-frame-options"), "SAMEORIGIN");
  assert.match(
    response.headers.get("content-security-policy"),
    /^default-src 'none';.*frame-ancestors 'self'; sandbox$/,
  );
  const html = await response.text();
  const [{ unsubscribe }] =
    await sql`SELECT unsubscribe_token::text AS unsubscribe FROM timesheet.contacts WHERE email = ${person}`;
  for (const secret of ["token-of-", "token=", unsubscribe]) assert.ok(!html.includes(secret), secret);
  // Another person's e-mail, by its number.
  const [{ id }] = await sql`
    SELECT max(d.delivery_id) AS id
    FROM timesheet.digest_deliveries AS d JOIN timesheet.contacts AS c USING (contact_id)
    WHERE c.email = ${other} AND d.state = 'sent'`;
  for (const each of [`/portal/digests/${id}`, `/portal/digests/${id}/mail`, "/portal/digests/999999999"])
    assert.deepEqual([(await get(each)).status, (await get(each)).headers.get("location")], [307, "/portal/digests"]);
});

/** Every page and file of a person, with what it answers. */
async function everything(of) {
  const paths = ["/portal", "/portal/digests"];
  for (const table of ["weeks", "clients", "agents", "activities", "corrections"])
    paths.push(`/portal/csv?table=${table}`);
  for (let n = 0; n < 13; n += 1) {
    const path = `/portal/week/${addDays("2026-11-23", -7 * n)}`;
    paths.push(path);
    for (const table of ["clients", "agents", "activities", "days", "notes", "corrections"])
      paths.push(`${path}/csv?table=${table}`);
  }
  const list = await (await get("/portal/digests", of)).text();
  for (const path of new Set(list.match(/\/portal\/digests\/\d+/g))) paths.push(path, `${path}/mail`);
  const answers = [];
  for (const path of paths) {
    const response = await get(path, of);
    assert.equal(response.status, 200, path);
    answers.push([path, await response.text()]);
  }
  return answers;
}

/** What every function of the role answers for a token. */
async function everyFunction(of) {
  const role = portalRole(database);
  try {
    const answers = [];
    for (const call of [
      "portal_session($1)",
      "portal_weekly($1, NULL, NULL)",
      "portal_daily($1, NULL, NULL)",
      "portal_attendance($1, NULL, NULL)",
      "portal_notes($1, NULL, NULL)",
      "portal_digests($1)",
    ]) {
      const rows = await role.unsafe(`SELECT to_json(r)::text AS text FROM timesheet.${call} AS r`, [of]);
      answers.push([call, rows.map((row) => row.text).join("\n")]);
    }
    return answers;
  } finally {
    await role.end();
  }
}

test("with one client's token, nothing of another is anywhere, though they share an agent and a day", async () => {
  const own = { [person]: ["Redstone Solar", "Granite Peak Insurance"], [other]: ["Altamere Health"] };
  for (const [email, names] of Object.entries(own)) {
    const of = await makeLink(sql, email);
    const strangers = await sql`
      SELECT g.name AS text FROM timesheet.client_groups AS g WHERE g.name <> ALL (${names})
      UNION SELECT v.name FROM timesheet.activities AS v WHERE NOT EXISTS (
        SELECT FROM timesheet.time_entries AS e JOIN timesheet.client_groups AS g USING (client_group_id)
        WHERE e.activity_id = v.activity_id AND g.name = ANY (${names}))
        AND NOT EXISTS (
        SELECT FROM timesheet.hour_entries AS e JOIN timesheet.client_groups AS g USING (client_group_id)
        WHERE e.activity_id = v.activity_id AND g.name = ANY (${names}))
      UNION SELECT a.full_name FROM timesheet.agents AS a WHERE NOT EXISTS (
        SELECT FROM timesheet.agent_history AS h JOIN timesheet.client_groups AS g USING (client_group_id)
        WHERE h.agent_id = a.agent_id AND g.name = ANY (${names}))
        AND NOT EXISTS (
        SELECT FROM timesheet.time_entries AS e JOIN timesheet.client_groups AS g USING (client_group_id)
        WHERE e.agent_id = a.agent_id AND g.name = ANY (${names}))
      UNION SELECT a.email FROM timesheet.agents AS a WHERE a.email <> ''
      UNION SELECT a.jibble_id::text FROM timesheet.agents AS a
      UNION SELECT g.jibble_id::text FROM timesheet.client_groups AS g
      UNION SELECT v.jibble_id::text FROM timesheet.activities AS v`;
    assert.ok(strangers.length > 40, String(strangers.length));
    const answers = [...(await everything(of)), ...(await everyFunction(of))];
    for (const [where, answer] of answers)
      for (const { text } of strangers)
        if (text) assert.ok(!answer.includes(text) && !answer.includes(JSON.stringify(text)), `${where} shows ${text}`);
    // Of the shared day each sees its own hours.
    const day = (await file(`/portal/week/${week}/csv?table=days`, of)).find(
      (row) => row.Day === "2026-11-22" && row.Agent === sharedDay.name,
    );
    assert.deepEqual(
      [day.Clients, day.Hours],
      email === person ? ["Redstone Solar", "3.12"] : ["Altamere Health", "2.00"],
    );
  }
});

test("axe finds nothing, in light and dark; no page is wider than a screen from 320 pixels on", async () => {
  const paths = ["/portal", `/portal/week/${week}`, "/portal/digests", await digestPath()];
  for (const colorScheme of ["light", "dark"])
    await withPage(
      async (page) => {
        for (const path of paths) {
          await page.goto(site.url + path);
          assert.deepEqual(await violationsOf(page), [], `${path} ${colorScheme}`);
          assert.deepEqual(await tooWideAt(page, widths), [], path);
        }
      },
      { colorScheme, viewport: { width: 390, height: 844 } },
    );
});

test("nothing of the dashboard is in what the portal's pages load", async () => {
  await withPage(async (page) => {
    const loaded = new Map();
    page.on("response", async (response) => {
      if (/\.(js|css)$/.test(new URL(response.url()).pathname)) loaded.set(response.url(), response.text());
    });
    await page.goto(`${site.url}/portal`, { waitUntil: "networkidle" });
    const texts = await Promise.all(loaded.values());
    assert.ok(texts.length > 3);
    // Of the keys, the bar of progress, the first page's tables, and the styles of each.
    for (const part of ["timesheet.keys", "aria-keyshortcuts", ".presets", ".two-clocks", ".progress", "/health"])
      assert.ok(!texts.some((text) => text.includes(part)), part);
    assert.ok(texts.some((text) => text.includes(".agency")));
  });
});

test("on paper: the hours, without what only a screen needs", async () => {
  await withPage(async (page) => {
    await page.goto(`${site.url}/portal/week/${week}`);
    await page.emulateMedia({ media: "print" });
    for (const unwanted of [".top nav", ".steps", "a.button"])
      assert.ok(!(await page.locator(unwanted).first().isVisible()), unwanted);
    for (const wanted of ["h1", 'table[data-table="agents"]', '[data-day="2026-11-17"]'])
      assert.ok(await page.locator(wanted).isVisible(), wanted);
  });
});

const hostile = [
  "<script>document.title='harmed'</script>",
  '"><img src=x onerror="document.title=\'harmed\'">',
  '=HYPERLINK("http://evil.example","here")',
  "+1+cmd|' /C calc'!A0",
  "A".repeat(300),
];

test("names that are code are text, on pages and in files, and widen nothing", async () => {
  const agents = await sql`
    SELECT DISTINCT r.agent_id AS id FROM timesheet.weekly_report AS r
    WHERE r.client_group IN ('Redstone Solar', 'Granite Peak Insurance') AND r.week_start = ${week} ORDER BY 1`;
  for (const [n, { id }] of agents.entries())
    await sql`UPDATE timesheet.agents SET full_name = ${hostile[n % hostile.length]} WHERE agent_id = ${id}`;
  await sql`UPDATE timesheet.client_groups SET name = ${hostile[1]} WHERE name = 'Redstone Solar'`;
  await sql`UPDATE timesheet.client_groups SET name = ${hostile[2]} WHERE name = 'Granite Peak Insurance'`;
  const activities = await sql`
    SELECT DISTINCT r.activity_id AS id FROM timesheet.weekly_report AS r
    WHERE r.client_group = ANY (${hostile}) AND r.week_start = ${week} AND r.activity_id IS NOT NULL ORDER BY 1`;
  for (const [n, { id }] of activities.entries())
    await sql`UPDATE timesheet.activities SET name = ${hostile[n % hostile.length]} WHERE activity_id = ${id}`;
  await withPage(
    async (page) => {
      for (const path of ["/portal", `/portal/week/${week}`]) {
        await page.goto(site.url + path);
        assert.doesNotMatch(await page.title(), /harmed/);
        assert.deepEqual(await tooWideAt(page, widths), [], path);
        assert.equal(await page.locator("main img, main script:not([nonce])").count(), 0);
        for (const name of hostile.slice(0, 3))
          assert.ok((await page.locator("main").textContent()).includes(name), `${path} ${name}`);
      }
    },
    { viewport: { width: 360, height: 740 } },
  );
  for (const path of ["/portal/csv?table=agents", `/portal/week/${week}/csv?table=days`]) {
    const rows = await file(path);
    const cells = rows.flatMap((row) => Object.values(row));
    assert.ok(cells.some((cell) => cell.startsWith("'=HYPERLINK(")));
    for (const cell of cells) assert.doesNotMatch(cell, /^[=+@]/);
  }
  assert.doesNotMatch(site.log(), /⨯|Error/);
});

test("weeks that begin on other days are together as in an e-mail", () => {
  assert.equal(mondayOf("2026-11-16"), "2026-11-16");
  assert.equal(mondayOf("2026-11-15"), "2026-11-16"); // a Sunday
  assert.deepEqual(daysOfWeek("2026-11-16", 7), { first: "2026-11-15", last: "2026-11-21" });
  const [monday, sunday] = [1, 7].map((weekStartsOn) => ({ weekStartsOn, today: "2026-11-22" }));
  assert.equal(currentWeek([monday]), "2026-11-16");
  assert.equal(currentWeek([monday, sunday]), "2026-11-23");
  assert.equal(weeksShown([monday]).length, 13);
  assert.equal(weekOf("2026-11-16", [monday]), "2026-11-16");
  for (const text of ["2026-11-17", "2026-11-23", "2020-11-16", "x", ""]) assert.equal(weekOf(text, [monday]), null);
  // On that Sunday, one's week goes on while the other's next one has begun: both are live.
  const live = (of, ...groups) =>
    isLive(
      of,
      groups.map((group) => ({ asOf: `${group.today} 10:42`, ...group })),
    );
  assert.deepEqual(
    ["2026-11-09", "2026-11-16", "2026-11-23"].map((of) => live(of, monday, sunday)),
    [false, true, true],
  );
  const at = (today, more) => ({ weekStartsOn: 1, today, ...more });
  // An agent's Sunday ends on the client's Tuesday at the latest; what has not been read goes on longer.
  assert.deepEqual(
    [
      at("2026-11-24"),
      at("2026-11-25"),
      at("2026-11-25", { asOf: "2026-11-22 09:00" }),
      at("2026-11-25", { asOf: null }),
    ].map((group) => live("2026-11-16", group)),
    [true, false, true, true],
  );
  assert.equal(weekText("2026-11-16", [sunday]), "15 – 21 Nov 2026");
  assert.equal(weekText("2026-11-16", [sunday, monday]), "16 – 22 Nov 2026");
});

test("the same question is put once for all who wait for it, and again for who comes later", async () => {
  let [asked, answer] = [0, null];
  const held = Array.from({ length: 4 }, (_, n) =>
    shared(`busy ${n}`, "page", () => new Promise((resolve) => (answer = [...(answer ?? []), resolve]))),
  );
  const ask = () => shared("a", "page", async () => (asked += 1));
  const waiting = [ask(), ask(), shared("b", "page", async () => "b")];
  await new Promise((resolve) => setTimeout(resolve, 10));
  assert.equal(asked, 0);
  answer.forEach((resolve) => resolve());
  await Promise.all(held);
  assert.deepEqual(await Promise.all(waiting), [1, 1, "b"]);
  assert.equal(await ask(), 2);
  await assert.rejects(
    shared("c", "page", () => Promise.reject(new Error("lost"))),
    /lost/,
  );
  assert.equal(await shared("c", "page", async () => "found"), "found");
});

test("words: zones, lists and as of when", () => {
  assert.deepEqual(
    ["Asia/Manila", "America/New_York", "America/Argentina/Buenos_Aires", "Etc/GMT-8", "Etc/GMT+5", "UTC"].map(
      zoneName,
    ),
    ["Manila", "New York", "Buenos Aires", "UTC+08:00", "UTC-05:00", "UTC"],
  );
  assert.deepEqual(
    [[], ["A"], ["A", "B"], ["A", "B", "C"]].map((names) => listOf(names)),
    ["", "A", "A and B", "A, B and C"],
  );
  assert.equal(listOf(["A", "B", "C", "D", "E"], 3), "A, B and 3 others");
  const group = (asOf, timeZone) => ({ asOf, timeZone, today: "2026-11-24" });
  assert.equal(asOfText([group("2026-11-24 10:42", "Asia/Manila")]), "As of 10:42, Manila");
  assert.equal(asOfText([group("2026-11-20 10:42", "Asia/Manila")]), "As of Fri 20 Nov, 10:42, Manila");
  assert.equal(
    asOfText([group("2026-11-24 10:42", "Asia/Manila"), group("2026-11-24 02:42", "Europe/London")]),
    "As of 10:42, Manila and 02:42, London",
  );
  assert.equal(asOfText([group(null, "UTC")]), "No hours have been read yet");
});
