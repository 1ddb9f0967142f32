// The portal's numbers of a week that did not change are those of its e-mail, to the hundredth (R12).
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { cookieOf, makeLink, startPortalAt, visitorOf } from "./portal_site.mjs";
import { figure, hundredths, owner, parseCsv, startBrowser, tableOf } from "./world.mjs";
import { activityHours, apportion } from "../src/portal/activities.ts";

let site, sql, browser, digests;

before(async () => {
  sql = owner();
  digests = await sql`
    SELECT DISTINCT ON (c.email, d.week) c.email, d.week, d.content FROM timesheet.digest_deliveries AS d
    JOIN timesheet.contacts AS c USING (contact_id)
    WHERE d.state = 'sent' AND c.removed_at IS NULL ORDER BY c.email, d.week, d.revision DESC`;
  [site, browser] = [await startPortalAt(), await startBrowser()];
});
after(async () => {
  await browser?.close();
  await site?.stop();
  await sql?.end();
});

const total = (rows, key) => rows.reduce((sum, row) => sum + hundredths(row[key]), 0);

/** A digest's agents as {client, name, hours, unconfirmed, days}. */
const agentsOf = (content) =>
  content.client_groups.flatMap((group) =>
    (group.agents ?? []).map((agent) => ({
      client: group.name,
      name: agent.name,
      hours: hundredths(agent.hours),
      unconfirmed: hundredths(agent.unconfirmed ?? "0"),
      days: agent.days.map((day) => hundredths(day.hours)).filter((hours) => hours > 0),
    })),
  );

/** Each activity of an e-mail, and all that it has in one line. */
function assertActivities(rows, column, { activities, more_activities: more }, what) {
  const shown = new Map(rows.map((row) => [row.name, hundredths(row[column])]));
  assert.equal(shown.size, rows.length, what);
  assert.equal(rows.length, activities.length + Number(more.count), what);
  for (const { name, hours } of activities) {
    assert.equal(shown.get(name), hundredths(hours), `${what} ${name}`);
    shown.delete(name);
  }
  assert.equal(
    [...shown.values()].reduce((a, b) => a + b, 0),
    hundredths(more.hours),
    what,
  );
}

const inOrder = (rows) => rows.map((row) => JSON.stringify(row)).sort();

test("each week that was sent: the total, each client, agent and day, and what is unconfirmed", async () => {
  assert.ok(digests.length >= 6, String(digests.length));
  for (const { email, week, content } of digests) {
    const what = `${email} ${week}`;
    const token = await makeLink(sql, email);
    const context = await visitorOf(browser, site, token);
    const page = await context.newPage();
    try {
      await page.goto(`${site.url}/portal/week/${week}`);
      assert.equal(hundredths((await figure(page, "hours")).replace(" h", "")), hundredths(content.total.hours), what);
      assert.equal(
        hundredths((await figure(page, "unconfirmed")).replace(" h", "")),
        hundredths(content.total.unconfirmed),
        what,
      );
      const file = async (table) =>
        parseCsv(
          await (
            await fetch(`${site.url}/portal/week/${week}/csv?table=${table}`, { headers: cookieOf(token) })
          ).text(),
        );
      const days = await file("days");
      const agents = agentsOf(content);
      const only = content.client_groups.length === 1 ? content.client_groups[0].name : null;
      assert.deepEqual(
        inOrder(
          (await file("agents"))
            .filter((row) => Number(row.Hours) > 0)
            .map((row) => [row.Client ?? only, row.Agent, hundredths(row.Hours), hundredths(row.Unconfirmed)]),
        ),
        inOrder(agents.map((agent) => [agent.client, agent.name, agent.hours, agent.unconfirmed])),
        what,
      );
      for (const name of new Set(agents.map((agent) => agent.name)))
        assert.equal(
          total(
            days.filter((row) => row.Agent === name),
            "Hours",
          ),
          agents.filter((agent) => agent.name === name).reduce((sum, agent) => sum + agent.hours, 0),
          `${what} ${name}`,
        );
      // An agent of one client: each day's hours.
      for (const { name, days: sent } of agents.filter(
        ({ name }) => agents.filter((a) => a.name === name).length === 1,
      ))
        assert.deepEqual(
          days.filter((row) => row.Agent === name && Number(row.Hours) > 0).map((row) => hundredths(row.Hours)),
          sent,
          `${what} ${name}`,
        );
      // Clients without hours too.
      if (only === null)
        assert.deepEqual(
          inOrder((await file("clients")).map((row) => [row.Client, hundredths(row.Hours)])),
          inOrder(content.client_groups.map((group) => [group.name, hundredths(group.hours)])),
          what,
        );
      assertActivities((await tableOf(page, "activities")).rows, "hours", content, what);
      // Each table of the page adds up to the same.
      for (const id of ["agents", "activities"]) {
        const table = await tableOf(page, id);
        assert.equal(total(table.rows, "hours"), hundredths(content.total.hours), `${what} ${id}`);
        assert.equal(total(table.rows, "unconfirmed"), hundredths(content.total.unconfirmed), `${what} ${id}`);
      }
    } finally {
      await context.close();
    }
  }
});

test("the list of weeks shows the totals that were sent, and adds up", async () => {
  for (const email of new Set(digests.map((digest) => digest.email))) {
    const token = await makeLink(sql, email);
    const context = await visitorOf(browser, site, token);
    const page = await context.newPage();
    try {
      await page.goto(`${site.url}/portal`);
      const weeks = await tableOf(page, "weeks");
      assert.equal(weeks.rows.length, 13);
      for (const { week, content } of digests.filter((digest) => digest.email === email)) {
        const row = weeks.rows.find(({ key }) => key === week);
        assert.deepEqual(
          [row.hours, row.unconfirmed].map(hundredths),
          [content.total.hours, content.total.unconfirmed].map(hundredths),
          `${email} ${week}`,
        );
      }
      assert.equal(total(weeks.rows, "hours"), hundredths(weeks.total.hours));
      const activities = await tableOf(page, "activities");
      const last = digests.find((digest) => digest.email === email && digest.week === weeks.rows[1].key);
      assertActivities(
        activities.rows.filter((row) => hundredths(row.before) !== 0),
        "before",
        last.content,
        email,
      );
      // Of all weeks: the sum of what each week's own page shows.
      const sums = new Map();
      for (const { key } of weeks.rows) {
        const address = `${site.url}/portal/week/${key}/csv?table=activities`;
        const rows = parseCsv(await (await fetch(address, { headers: cookieOf(token) })).text());
        for (const row of rows) sums.set(row.Activity, (sums.get(row.Activity) ?? 0) + hundredths(row.Hours));
      }
      assert.deepEqual(
        inOrder(activities.rows.map((row) => [row.name, hundredths(row.all)])),
        inOrder([...sums]),
        email,
      );
      for (const id of ["agents", "activities"]) {
        const { rows } = await tableOf(page, id);
        assert.equal(total(rows, "all"), hundredths(weeks.total.hours), id);
        assert.equal(total(rows, "now"), hundredths(weeks.rows[0].hours), id);
        assert.equal(total(rows, "before"), hundredths(weeks.rows[1].hours), id);
      }
    } finally {
      await context.close();
    }
  }
});

test("the rule is the database's own (R12), and a part is never more than its limit", async () => {
  let seed = 7;
  const random = (below) => (seed = (seed * 48_271) % 2_147_483_647) % below;
  const columns = Array.from({ length: 200 }, () =>
    Array.from({ length: 1 + random(12) }, () => (random(4) === 0 ? 18 * random(5) : random(200_000))),
  );
  for (const seconds of columns) {
    const sum = Math.round(seconds.reduce((a, b) => a + b, 0) / 36);
    const [{ cells }] = await sql`
      SELECT timesheet.round_cells(string_to_array(${seconds.join()}, ',')::bigint[], 36)::text AS cells`;
    assert.equal(`{${apportion(seconds, sum).join()}}`, cells, seconds.join());
  }
  assert.deepEqual(apportion([18, 18], 1), [1, 0]);
  assert.deepEqual(apportion([35, 30, 20], 2, [0, 1, 1]), [0, 1, 1]);
  assert.deepEqual(apportion([40, 75], 2, [1, 2]), [1, 1]);
  assert.deepEqual(apportion([], 0), []);
});

test("what is called the same is one line of a week, and breaks alone are none", () => {
  const row = (activity, workSeconds, more = {}) => ({
    week: "2026-11-16",
    activity,
    activityPlace: activity.charCodeAt(0),
    workSeconds,
    unconfirmedSeconds: 0,
    hours: Math.round(workSeconds / 36),
    unconfirmed: 0,
    ...more,
  });
  const rows = [
    row("B", 18),
    row("C", 0),
    row("A", 18),
    row("B", 54),
    row("D", 36, { unconfirmedSeconds: 36, unconfirmed: 1 }),
  ];
  const other = row("B", 20, { week: "2026-11-09" });
  const lines = activityHours([...rows, other]);
  assert.deepEqual(
    lines.map((line) => [line.week, line.activity, line.hours, line.unconfirmed]),
    [
      ["2026-11-16", "A", 1, 0],
      ["2026-11-16", "B", 2, 0],
      ["2026-11-16", "D", 1, 1],
      ["2026-11-09", "B", 1, 0],
    ],
  );
});
