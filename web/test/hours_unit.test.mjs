// Hours as decimals or as h:mm: the address says it, a cookie keeps it, and tables add up in both.
import assert from "node:assert/strict";
import { test } from "node:test";
import { browser, open, page, site, sql } from "./demo_site.mjs";
import { csv, figure, hundredths, minutes, tableOf } from "./world.mjs";

const [since, until] = ["2026-11-16", "2026-11-23"];
const days = "from=2026-11-16&to=2026-11-22";

/** Largest remainder, apart from the database's: {key: minutes} of rows {key, seconds} in their order. */
function inMinutes(rows) {
  const cells = rows.map(({ key, seconds }, n) => ({ key, n, whole: Math.floor(seconds / 60), rest: seconds % 60 }));
  const total = Math.round(rows.reduce((sum, { seconds }) => sum + seconds, 0) / 60);
  const lacking = total - cells.reduce((sum, { whole }) => sum + whole, 0);
  for (const cell of [...cells].sort((a, b) => b.rest - a.rest || a.n - b.n).slice(0, lacking)) cell.whole += 1;
  return Object.fromEntries(cells.map(({ key, whole }) => [key, whole]));
}

const sum = (values) => values.reduce((total, value) => total + value, 0);

/** What a fresh browser, which has no cookie yet, sees. */
async function inNewBrowser(use, options = {}) {
  const context = await browser.newContext(options);
  try {
    return await use(await context.newPage(), context);
  } finally {
    await context.close();
  }
}

test("clients and agents in h:mm: each cell is rounded once to minutes, and the footer is their sum", async () => {
  for (const [path, id, key] of [
    ["clients", "clients", sql`client_group_id`],
    ["agents", "agents", sql`agent_id`],
  ]) {
    await open(`/${path}?${days}&hours=hmm`);
    const { rows, total } = await tableOf(page, id);
    for (const [column, seconds] of [
      ["hours", "work_seconds"],
      ["unconfirmed", "unconfirmed_seconds"],
      ["breaks", "break_seconds"],
    ]) {
      // By the engine, for each that the page has, in the order of the ids.
      const worked = await sql`
        SELECT ${key}::text AS key, sum(h.${sql(seconds)})::float8 AS seconds
        FROM timesheet.weekly_hours(${since}, ${until}) AS h WHERE ${key} IS NOT NULL GROUP BY ${key}`;
      const found = new Map(worked.map((row) => [row.key, row.seconds]));
      const keys = rows.map((row) => row.key).sort((a, b) => a - b);
      const expected = inMinutes(keys.map((each) => ({ key: each, seconds: found.get(each) ?? 0 })));
      const shown = Object.fromEntries(rows.map((row) => [row.key, minutes(row[column])]));
      assert.deepEqual(shown, expected, `${path} ${column}`);
      assert.equal(minutes(total[column]), sum(Object.values(expected)), `${path} ${column}`);
      assert.ok(column !== "hours" || minutes(total[column]) > 60_000, total[column]);
    }
  }
});

test("every table and tile in h:mm adds up: overview, a client by day, an agent, activities", async () => {
  const [{ agent, client }] = await sql`
    SELECT s.agent_id AS agent, s.client_group_id AS client FROM timesheet.sessions('2026-11-17', '2026-11-18') AS s
    WHERE s.client_group_id IS NOT NULL ORDER BY 1 LIMIT 1`;
  for (const [path, table, columns, tile] of [
    ["/", "clients", ["hours", "previous", "change", "unconfirmed"], "hours"],
    [`/clients/${client}`, "agents", [...Array(7).keys()].map((n) => `2026-11-${16 + n}`), null],
    [`/clients/${client}`, "agents", ["hours", "unconfirmed", "breaks"], "hours"],
    [`/clients/${client}`, "activities", ["hours", "unconfirmed"], null],
    [`/agents/${agent}`, "days", ["hours", "breaks"], "hours"],
    [`/agents/${agent}`, "activities", ["hours", "unconfirmed"], null],
    ["/activities", "activities", ["hours", "unconfirmed"], null],
  ]) {
    await open(`${path}?${days}&hours=hmm`);
    const { rows, total } = await tableOf(page, table);
    assert.ok(rows.length > 0, path);
    for (const column of columns)
      assert.equal(minutes(total[column]), sum(rows.map((row) => minutes(row[column]))), `${path} ${table} ${column}`);
    if (table === "agents" && columns.includes("hours"))
      for (const row of rows)
        assert.equal(
          minutes(row.hours),
          sum(
            Object.keys(row)
              .filter((key) => /^\d{4}-/.test(key))
              .map((key) => minutes(row[key])),
          ),
          "an agent's days add up to its hours",
        );
    if (tile) assert.equal(await figure(page, tile), total.hours, `${path}: the tile is the table's total`);
    assert.match(await page.locator(`section:has(table[data-table=${table}]) .hint`).textContent(), /by a minute/);
    for (const text of await page.locator(".tile .figure").allTextContents()) assert.doesNotMatch(text, /\d\.\d/, path);
  }
});

test("cells with the same remainder: 84 s each for three agents are 0:02, 0:01 and 0:01, in all 0:04", async () => {
  const agents = await sql`SELECT agent_id AS id FROM timesheet.agents ORDER BY agent_id LIMIT 3`;
  const [{ client }] = await sql`SELECT min(client_group_id) AS client FROM timesheet.client_groups`;
  try {
    for (const { id } of agents)
      await sql`
        INSERT INTO timesheet.time_entries (jibble_activity_id, agent_id, client_group_id, start_time_utc, raw_type,
          time_zone, workday, workday_end)
        SELECT gen_random_uuid(), ${id}, ${client}, v.at, v.type, 'UTC', '2025-06-11', '2025-06-12 00:00Z'
        FROM (VALUES ('2025-06-11 10:00Z'::timestamptz, 'In'), ('2025-06-11 10:01:24Z', 'Out')) AS v (at, type)`;
    await open(`/clients/${client}?from=2025-06-11&to=2025-06-11&hours=hmm`);
    const { rows, total } = await tableOf(page, "agents");
    assert.deepEqual(
      rows.sort((a, b) => a.key - b.key).map((row) => row.hours),
      ["0:02", "0:01", "0:01"],
    );
    assert.equal(total.hours, "0:04");
    await open(`/clients/${client}?from=2025-06-11&to=2025-06-11&hours=decimal`);
    assert.equal((await tableOf(page, "agents")).total.hours, "0.07"); // 252 s are 7 hundredths
  } finally {
    await sql`DELETE FROM timesheet.time_entries WHERE workday = '2025-06-11'`;
    await sql`SELECT timesheet.refresh()`;
  }
});

test("the switch is on the usual week and on an agent's day too, whose hours follow it", async () => {
  const [agent] = await sql`SELECT a.agent_id AS id, a.client_group_id AS client FROM timesheet.agents AS a LIMIT 1`;
  try {
    // 10:00:00 to 11:30:20 are 5,420 s: 1.51 hours (150.6 hundredths), 1:30 in minutes (90.3).
    await sql`
      INSERT INTO timesheet.time_entries (jibble_activity_id, agent_id, client_group_id, start_time_utc, raw_type,
        time_zone, workday, workday_end)
      SELECT gen_random_uuid(), ${agent.id}, ${agent.client}, v.at, v.type, 'UTC', '2025-06-12', '2025-06-13 00:00Z'
      FROM (VALUES ('2025-06-12 10:00Z'::timestamptz, 'In'), ('2025-06-12 11:30:20Z', 'Out')) AS v (at, type)`;
    for (const [hours, shown, usual] of [
      ["decimal", "1.51", /^[\d,]+\.\d\d$/],
      ["hmm", "1:30", /^[\d,]+:\d\d$/],
    ]) {
      await open(`/agents/${agent.id}/2025-06-12?hours=${hours}`);
      assert.equal(await page.locator(".hours-switch a").count(), 2);
      const part = page.locator('section[aria-labelledby="part-hours"]');
      assert.deepEqual(await part.locator(".figure-small").allTextContents(), [shown]);
      assert.match(await part.locator(".detail").last().textContent(), /^exactly 1:30:20 · 1 work session/);
      await open(`/agents/usual?hours=${hours}`);
      assert.equal(await page.locator(".hours-switch a").count(), 2);
      assert.match((await tableOf(page, "usual")).total.hours, usual);
    }
  } finally {
    await sql`DELETE FROM timesheet.time_entries WHERE workday = '2025-06-12'`;
    await sql`SELECT timesheet.refresh()`;
  }
});

const totalOf = async (tab, path) => {
  await tab.goto(site.url + path);
  return (await tableOf(tab, path.split("?")[0].slice(1))).total.hours;
};

for (const javaScriptEnabled of [true, false])
  test(`a cookie keeps what the address says, which counts more; scripts: ${javaScriptEnabled}`, () =>
    inNewBrowser(
      async (tab, context) => {
        assert.match(await totalOf(tab, `/clients?${days}`), /\.\d\d$/);
        for (const unknown of ["constructor", "HMM"])
          assert.match(await totalOf(tab, `/clients?${days}&hours=${unknown}`), /\.\d\d$/, unknown);
        assert.deepEqual(await context.cookies(), []);
        await tab.getByRole("link", { name: "Hours in hours and minutes" }).click();
        await tab.waitForURL(/hours=hmm/);
        await tab.locator("tfoot", { hasText: ":" }).waitFor();
        const [cookie] = await context.cookies();
        assert.deepEqual(
          [cookie.name, cookie.value, cookie.httpOnly, cookie.sameSite, cookie.path],
          ["timesheet-hours", "hmm", true, "Lax", "/"],
        );
        // Other pages, whose addresses do not say it.
        assert.match(await totalOf(tab, `/agents?${days}`), /:\d\d$/);
        assert.equal(
          await tab.locator(".hours-switch [aria-current]").textContent(),
          "Hours in hours and minutes, such as 7:30",
        );
        assert.match(await totalOf(tab, `/agents?${days}&hours=decimal`), /\.\d\d$/);
        assert.match(await totalOf(tab, `/agents?${days}`), /\.\d\d$/);
        assert.match(await totalOf(tab, `/clients?${days}&hours=hmm&hours=decimal`), /:\d\d$/, "the first counts");
      },
      { javaScriptEnabled },
    ));

test("a cookie that holds anything else is ignored", async () => {
  await inNewBrowser(async (tab, context) => {
    await context.addCookies([{ name: "timesheet-hours", value: "<script>", url: site.url }]);
    await tab.goto(`${site.url}/clients?${days}`);
    assert.match((await tableOf(tab, "clients")).total.hours, /\.\d\d$/);
  });
});

test("exports keep decimals, and digests their numbers as sent", async () => {
  await open(`/clients?${days}&hours=decimal`);
  const { total } = await tableOf(page, "clients");
  const rows = await csv(`${site.url}/clients/csv?${days}&hours=hmm`);
  assert.equal(sum(rows.map((row) => hundredths(row.Hours))), hundredths(total.hours));
  await inNewBrowser(async (tab, context) => {
    await tab.goto(`${site.url}/clients?${days}&hours=hmm`);
    const answer = await context.request.get(`${site.url}/clients/csv?${days}`);
    assert.match(await answer.text(), /,\d+\.\d\d,/);
    await tab.goto(`${site.url}/digests?from=2026-11-16&to=2026-11-29`);
    for (const row of (await tableOf(tab, "digests")).rows) assert.match(row.hours, /^[\d,]+\.\d\d$/);
    const [{ id, hours }] = await sql`
      SELECT delivery_id AS id, content #>> '{total,hours}' AS hours FROM timesheet.digest_deliveries
      WHERE state = 'sent' ORDER BY delivery_id LIMIT 1`;
    await tab.goto(`${site.url}/digests/${id}`);
    assert.equal(await figure(tab, "hours"), hours);
    assert.equal((await tableOf(tab, "reported")).total.hours, hours);
  });
});
