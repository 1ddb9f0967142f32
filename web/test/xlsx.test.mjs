// A page's table as XLSX: the rows and figures of its CSV, each cell with its type, and nothing that is a formula.
import assert from "node:assert/strict";
import { glob } from "node:fs/promises";
import { dirname, relative } from "node:path";
import { test } from "node:test";
import postgres from "postgres";
import { xlsxStream } from "../src/table/xlsx.ts";
import { page, site, sql } from "./demo_site.mjs";
import { operatorUri } from "./staff_site.mjs";
import { csv, now, owner, startSite } from "./world.mjs";
import { parseXlsx, xlsx } from "./xlsx.mjs";

const days = "from=2026-11-16&to=2026-11-22";

async function sheetOf(columns, ...batches) {
  const rows = (async function* () {
    yield* batches;
  })();
  const sheets = parseXlsx(await new Response(xlsxStream("names 2026-11-16", columns, rows)).arrayBuffer());
  assert.equal(sheets.length, 1);
  return sheets[0];
}

const column = (more = {}) => ({ key: "a", label: "A", value: (row) => row, ...more });

test("text is text, whatever it looks like to a spreadsheet", async () => {
  const names = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "＝1",
    '=HYPERLINK("http://evil.example","here")',
    'O\'Brien, "Bob"; & <b>',
    "two\nlines\r\n ",
    " \u200F\u202Eright to left\u202C",
    "007",
    "1e5",
    "12.50",
    "2026-11-17",
    "TRUE",
    "_x0041_ _x000d_",
    "日本語 العربية 🙂",
    "]]><!--",
    "x".repeat(32_767),
  ];
  assert.deepEqual(await sheetOf([column()], names), [["A"], ...names.map((name) => [name])]);
});

test("what XML or a spreadsheet cannot hold is replaced or cut, and the file stays readable", async () => {
  assert.deepEqual(
    await sheetOf([column()], ["a\u0000\u0001\u001Fb\uFFFE\uD800c", "x".repeat(40_000), "", null, "end"]),
    [["A"], ["a\uFFFD\uFFFD\uFFFDb\uFFFD\uFFFDc"], ["x".repeat(32_767)], [], [], ["end"]],
  );
});

test("hours are numbers with two decimals, counts are numbers, dates and local times are dates", async () => {
  const cells = async (more, ...values) => (await sheetOf([column(more)], values)).slice(1).map(([cell]) => cell);
  assert.deepEqual(await cells({ kind: "hours" }, 0, 5, -150, 148476), [0, 0.05, -1.5, 1484.76]);
  assert.deepEqual(await cells({ kind: "count" }, 0, 120501, 0.4), [0, 120501, 0.4]);
  assert.deepEqual(await cells({ moment: "day" }, "2026-11-17", "1900-01-01", "2028-02-29", "2026-02-30"), [
    { at: "2026-11-17 00:00:00", format: "yyyy-mm-dd" },
    "1900-01-01", // a spreadsheet's dates begin there, a day wrong
    { at: "2028-02-29 00:00:00", format: "yyyy-mm-dd" },
    "2026-02-30",
  ]);
  assert.deepEqual(await cells({ moment: "minute" }, "2026-11-17 09:03", "2026-11-17 23:59", "–"), [
    { at: "2026-11-17 09:03:00", format: "yyyy-mm-dd hh:mm" },
    { at: "2026-11-17 23:59:00", format: "yyyy-mm-dd hh:mm" },
    "–",
  ]);
  assert.deepEqual(await cells({ moment: "second" }, "2026-11-17 09:03:07", "2026-11-17T01:03:07.999999Z"), [
    { at: "2026-11-17 09:03:07", format: "yyyy-mm-dd hh:mm:ss" },
    { at: "2026-11-17 01:03:08", format: "yyyy-mm-dd hh:mm:ss" },
  ]);
});

test("a table without rows has its head, and batches follow each other", async () => {
  assert.deepEqual(await sheetOf([column(), column({ label: "=B" })]), [["A", "=B"]]);
  assert.deepEqual(await sheetOf([column()], ["a"], [], ["b", "c"]), [["A"], ["a"], ["b"], ["c"]]);
});

/** A CSV's cell as XLSX has it: a formula's apostrophe is not needed there, dates lose their text. */
function plain(cell) {
  if (cell === null) return "";
  if (typeof cell === "number") return cell;
  if (typeof cell === "string") return /^[=+\-@]/.test(cell) ? `'${cell}` : cell;
  return cell.format === "yyyy-mm-dd"
    ? cell.at.slice(0, 10)
    : cell.format.endsWith("ss")
      ? cell.at
      : cell.at.slice(0, -3);
}

/** Checks the exports of each table of a page; returns the tables' names. */
async function checkTables(on, path) {
  assert.equal((await page.goto(on.url + path)).status(), 200, path);
  const shown = await page.locator("table").evaluateAll((all) =>
    all.map((table) => ({
      id: table.dataset.table ?? "(no name)",
      links: [...(table.closest("section")?.querySelectorAll(".panel-tools a[download]") ?? [])].map((link) =>
        link.getAttribute("href"),
      ),
      rows: table.tBodies[0].rows.length,
    })),
  );
  for (const { id, links, rows } of shown) {
    assert.deepEqual(
      links.map((href) => href.match(/\/(csv|xlsx)(?=\?|$)/)?.[1]),
      ["csv", "xlsx"],
      `${id} of ${path}`,
    );
    const [text, sheet] = [await csv(on.url + links[0]), await xlsx(on.url + links[1])];
    assert.ok(text.length >= rows && text.length > 0, `${id} of ${path}`);
    assert.equal(sheet.length, text.length, `${id} of ${path}`);
    for (const [n, row] of text.entries())
      for (const [name, cell] of Object.entries(row)) {
        const own = plain(sheet[n][name]);
        if (name === "UTC") assert.ok(Math.abs(Date.parse(cell) - Date.parse(`${own}Z`)) <= 1000);
        else assert.equal(typeof own === "number" ? own : String(own), typeof own === "number" ? Number(cell) : cell);
        assert.equal(typeof own === "number" && cell === "", false, `${name} of ${id}`);
      }
  }
  return shown.map((table) => table.id);
}

test("every table of every page: as XLSX it has the rows of its CSV, in the same order", async () => {
  const [{ agent, client }] = await sql`
    SELECT s.agent_id AS agent, s.client_group_id AS client FROM timesheet.sessions('2026-11-17', '2026-11-18') AS s
    WHERE s.client_group_id IS NOT NULL ORDER BY s.started_at LIMIT 1`;
  const [{ entry }] = await sql`
    SELECT e.jibble_activity_id AS entry FROM timesheet.time_entries AS e
    WHERE e.agent_id = ${agent} AND e.workday = '2026-11-17' ORDER BY e.start_time_utc LIMIT 1`;
  // A week that a later digest corrected, which the demo has none of.
  const [corrected] = await sql`
    INSERT INTO timesheet.digest_reported_weeks (delivery_id, week, client_group_id, first_day)
    SELECT w.delivery_id, w.week - 7, w.client_group_id, w.first_day - 7 FROM timesheet.digest_reported_weeks AS w
    ORDER BY w.delivery_id LIMIT 1 RETURNING delivery_id::int AS id, week, client_group_id AS client`;
  await sql`
    INSERT INTO timesheet.digest_figures
    SELECT ${corrected.id}, ${corrected.week}, ${corrected.client}, min(agent_id), ${corrected.week}::date, 900, 0, 0.25
    FROM timesheet.agents`;
  const digests = await sql`
    SELECT min(delivery_id)::int AS id FROM timesheet.digest_deliveries GROUP BY revision > 1, state ORDER BY 1`;
  const [{ today }] = await sql`SELECT current_date::text AS today`;
  // What staff did is never deleted: in the copy that staff's tests change.
  const [operator, copy] = [postgres(operatorUri, { max: 1, onnotice: () => {} }), owner("acting")];
  const seen = crypto.randomUUID();
  let contact;
  try {
    [{ contact }] = await copy`
      SELECT c.email AS contact FROM timesheet.contacts AS c WHERE c.removed_at IS NULL AND EXISTS (
        SELECT FROM timesheet.contact_client_groups AS m WHERE m.contact_id = c.contact_id) ORDER BY 1 LIMIT 1`;
    await operator`
      SELECT timesheet.operate_send_preview('ana@agency.example', ${contact}, '2026-11-16', 'ana@agency.example')`;
    await operator`
      SELECT timesheet.operate_set_working_time('ana@agency.example', since => '2026-11-16', day_cutoff => '03:00',
        for_agent => ${agent})`;
    const [{ email }] = await copy`
      SELECT d.email FROM timesheet.digests AS d JOIN timesheet.portal_openings AS p USING (email)
      WHERE d.state = 'sent' ORDER BY d.delivery_id LIMIT 1`;
    await operator`SELECT FROM timesheet.operate_view_portal('ana@agency.example', ${email}, ${seen})`;
  } finally {
    await Promise.all([operator.end(), copy.end()]);
  }
  const acting = await startSite(
    {
      TIMESHEET_WEB_DEMO: "1",
      TIMESHEET_WEB_NOW: now,
      OPERATOR_DATABASE_URL: operatorUri,
      OPERATORS: "ana@agency.example",
    },
    { database: "acting" },
  );
  const tables = new Set();
  const pages = [
    ["/digests/[id]", `/digests/${corrected.id}`],
    ["/", `/?${days}`],
    ["/", `/?${days}&q=re&sort=name`],
    ["/clients", `/clients?${days}&sort=-hours`],
    ["/clients/[key]", `/clients/${client}?${days}`],
    ["/clients/[key]", `/clients/${client}?${days}&month=2026-10&hours=hmm`],
    ["/agents", `/agents?${days}&q=an`],
    ["/agents/[id]", `/agents/${agent}?${days}&sort=-workday`],
    ["/agents/[id]/[day]", `/agents/${agent}/2026-11-17`],
    ["/agents/usual", "/agents/usual?people=all"],
    ["/activities", `/activities?${days}`],
    ["/activities/compare", `/activities/compare?${days}`],
    ["/entries", `/entries?${days}`],
    ["/entries/[id]", `/entries/${entry}`],
    ["/digests", "/digests?from=2026-11-16&to=2026-11-29"],
    ...digests.map(({ id }) => ["/digests/[id]", `/digests/${id}`]),
    ["/health", `/health?from=${today}&to=${today}`],
    ["/search", "/search?q=a&sort=-name"],
    ["/digests", `/digests?q=${encodeURIComponent(contact)}`, acting],
    ["/digests/seen/[request]", `/digests/seen/${seen}?from=2026-10-26&to=2026-11-22`, acting],
    ["/actions", "/actions", acting],
    ["/actions/corrections", "/actions/corrections", acting],
  ];
  try {
    for (const [, path, on = site] of pages) for (const id of await checkTables(on, path)) tables.add(id);
  } finally {
    await acting.stop();
    await sql`
      DELETE FROM timesheet.digest_reported_weeks WHERE delivery_id = ${corrected.id} AND week = ${corrected.week}`;
  }
  assert.deepEqual([...tables].sort(), [
    "activities",
    "agents",
    "changes",
    "clients",
    "corrected",
    "corrections",
    "day-events",
    "day-sessions",
    "days",
    "digests",
    "entries",
    "found",
    "month",
    "portal",
    "previews",
    "reported",
    "revisions",
    "runs",
    "seen-days",
    "seen-digests",
    "seen-notes",
    "seen-times",
    "seen-weeks",
    "sessions",
    "usual",
    "waiting",
    "weeks",
  ]);
  // No page is left out, but for the sign-in, which is no page of the dashboard, and staff's forms and results.
  const files = await Array.fromAsync(glob("src/app/(dashboard)/**/page.tsx"));
  const routes = files.map((file) => `/${relative("src/app/(dashboard)", dirname(file))}`);
  assert.deepEqual(
    [...new Set([...pages.map(([route]) => route), "/actions/[action]", "/actions/done/[request]", "/sign-in"])].sort(),
    routes.sort(),
  );
});

test("a client's days, an agent's times and an entry's instant have their types", async () => {
  const [{ agent, client }] = await sql`
    SELECT s.agent_id AS agent, s.client_group_id AS client FROM timesheet.sessions('2026-11-17', '2026-11-18') AS s
    WHERE s.client_group_id IS NOT NULL ORDER BY s.started_at LIMIT 1`;
  const [row] = await xlsx(`${site.url}/clients/${client}/xlsx?${days}`);
  for (let n = 16; n <= 22; n += 1) assert.equal(typeof row[`2026-11-${n}`], "number");
  const [day] = await xlsx(`${site.url}/agents/${agent}/xlsx?from=2026-11-17&to=2026-11-17`);
  const [expected] = await sql`
    SELECT to_char(t.clock_in AT TIME ZONE t.time_zone, 'YYYY-MM-DD HH24:MI:00') AS clock_in
    FROM timesheet.attendance AS t
    WHERE t.agent_id = ${agent} AND t.workday = '2026-11-17'`;
  assert.deepEqual(day.Workday, { at: "2026-11-17 00:00:00", format: "yyyy-mm-dd" });
  assert.deepEqual(day["Clock-in"], { at: expected.clock_in, format: "yyyy-mm-dd hh:mm" });
  const [entry] = await xlsx(`${site.url}/entries/xlsx?from=2026-11-17&to=2026-11-17&agent=${agent}`);
  assert.equal(entry.UTC.format, "yyyy-mm-dd hh:mm:ss");
  assert.equal(typeof entry["Jibble id"], "string");
});

test("names of the database: formula-like ones stay text in the file", async () => {
  const [{ id, name }] = await sql`SELECT client_group_id AS id, name FROM timesheet.client_groups ORDER BY 1 LIMIT 1`;
  try {
    for (const hostile of ['=cmd|"/C calc"!A0', '@"Quoted", O\'Brien', "日本語 العربية"]) {
      await sql`UPDATE timesheet.client_groups SET name = ${hostile} WHERE client_group_id = ${id}`;
      const sheet = await xlsx(`${site.url}/clients/xlsx?${days}`);
      assert.ok(
        sheet.some((row) => row.Client === hostile),
        hostile,
      );
    }
  } finally {
    await sql`UPDATE timesheet.client_groups SET name = ${name} WHERE client_group_id = ${id}`;
  }
});

test("the same limits and errors as CSV: days, unknown ids, meaningless addresses", async () => {
  const ask = (path) => fetch(site.url + path);
  for (const path of [
    "/clients/999999999/csv",
    "/agents/x/csv",
    "/digests/999999999/csv",
    "/clients/csv?from=1000-01-01&to=2999-12-31",
    "/entries/csv?from=2026-02-31&sort=constructor",
    "/search/csv",
    "/search/csv?q=%25",
  ]) {
    const [text, sheet] = [await ask(path), await ask(path.replace("/csv", "/xlsx"))];
    assert.equal(sheet.status, text.status, path);
    if (text.status !== 200) continue;
    assert.equal(sheet.headers.get("cache-control"), text.headers.get("cache-control"));
    assert.equal(
      sheet.headers.get("content-disposition"),
      text.headers.get("content-disposition").replace(".csv", ".xlsx"),
    );
    assert.equal(
      sheet.headers.get("content-type"),
      "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    );
    await Promise.all([text.arrayBuffer(), sheet.arrayBuffer()]);
  }
});
