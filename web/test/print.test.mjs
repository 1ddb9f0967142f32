// On paper: what the browser prints of a page, as the PDF that it makes.
import assert from "node:assert/strict";
import { test } from "node:test";
import { getDocumentProxy } from "unpdf";
import { browser, open, page, site, sql } from "./demo_site.mjs";
import { tableOf } from "./world.mjs";

const papers = { A4: [210, 297], Letter: [215.9, 279.4] };
const points = (millimetres) => (millimetres * 72) / 25.4;

/** A page's sheets: each with its size, and its texts with where they begin and end, in points. */
async function printed(format) {
  const document = await getDocumentProxy(
    new Uint8Array(await page.pdf({ format, preferCSSPageSize: false, printBackground: false })),
  );
  const sheets = [];
  for (let n = 1; n <= document.numPages; n += 1) {
    const sheet = await document.getPage(n);
    const [, , width, height] = sheet.view;
    const { items } = await sheet.getTextContent();
    sheets.push({
      width,
      height,
      texts: items
        .filter((item) => item.str.trim())
        .map((item) => ({ text: item.str, left: item.transform[4], right: item.transform[4] + item.width })),
      text: items.map((item) => item.str).join(" "),
    });
  }
  return sheets;
}

const squeezed = (text) => text.replace(/\s+/g, "");

function assertInside(sheets, what) {
  for (const [n, { texts, width }] of sheets.entries())
    for (const { text, left, right } of texts)
      assert.ok(left >= points(10) && right <= width - points(10), `${what}, sheet ${n + 1}: "${text}" is cut`);
}

test("a client's month as PDF: each figure, on A4 and Letter, nothing cut, the head on each sheet", async () => {
  const [{ client, name }] = await sql`
    SELECT g.client_group_id AS client, g.name FROM timesheet.weekly_hours('2026-10-01', '2026-11-01') AS h
    JOIN timesheet.client_groups AS g USING (client_group_id)
    GROUP BY 1, 2 ORDER BY count(DISTINCT h.agent_id) DESC, 1 LIMIT 1`;
  await open(`/clients/${client}?from=2026-10-01&to=2026-10-31`);
  const table = await tableOf(page, "agents");
  const activities = await tableOf(page, "activities");
  for (const [format, size] of Object.entries(papers)) {
    const sheets = await printed(format);
    assertInside(sheets, format);
    for (const { width, height } of sheets)
      for (const [n, length] of [width, height].sort((a, b) => a - b).entries())
        assert.ok(Math.abs(length - points(size[n])) < 1.5, `${format} is ${width} × ${height}`);
    const text = sheets.map((sheet) => sheet.text).join(" ");
    for (const wanted of [name, "1 – 31 Oct 2026", "Hours per agent per day", "Hours by activity", "Needs attention"])
      assert.ok(squeezed(text).includes(squeezed(wanted)), `${format}: ${wanted}`);
    for (const unwanted of ["Overview", "Sign out", "This week", "Show", "Find", "CSV", "Excel", "Keys", "Skip to"])
      assert.ok(!text.includes(unwanted), `${format}: ${unwanted}`);
    // The month is side by side, on a sheet of its own that lies on its side, and each row is whole.
    const wide = sheets.filter((sheet) => sheet.width > sheet.height);
    assert.ok(wide.length > 0, `${format}: no sheet is wide`);
    const days = Array.from({ length: 31 }, (_, n) => String(n + 1));
    for (const sheet of wide)
      for (const day of days) assert.match(sheet.text, new RegExp(`(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) ${day}\\b`), format);
    const cells = squeezed(wide.map((sheet) => sheet.text).join(" "));
    for (const row of table.rows) {
      const figures = Array.from({ length: 31 }, (_, n) => row[`2026-10-${String(n + 1).padStart(2, "0")}`]);
      const wanted = [row.name, ...figures, row.hours, row.unconfirmed, row.breaks].join("");
      assert.ok(cells.includes(squeezed(wanted)), `${format}: the row of ${row.name}`);
    }
    assert.ok(cells.includes(squeezed(`${table.total.hours}${table.total.unconfirmed}${table.total.breaks}`)));
    for (const row of activities.rows) assert.ok(squeezed(text).includes(squeezed(row.name)), row.name);
  }
});

test("a long table: its head is on each sheet that has rows, and no row is on two", async () => {
  const [{ agent }] = await sql`
    SELECT s.agent_id AS agent FROM timesheet.sessions('2026-09-01', '2026-11-24') AS s GROUP BY 1
    ORDER BY count(*) DESC, 1 LIMIT 1`;
  await open(`/agents/${agent}?from=2026-09-01&to=2026-11-23`);
  const { rows } = await tableOf(page, "sessions");
  assert.ok(rows.length > 100);
  for (const format of Object.keys(papers)) {
    const sheets = await printed(format);
    assertInside(sheets, format);
    // What only rows of sessions have: a time of the client's day with its weekday.
    const withRows = sheets.filter(({ text }) => /\w{3} \d\d:\d\d–\d\d:\d\d/.test(text));
    assert.ok(withRows.length >= 3, `${format}: ${withRows.length} sheets`);
    for (const { text } of withRows) assert.match(text, /From\s+To\s+Client's time\s+Length/, format);
    const all = squeezed(withRows.map((sheet) => sheet.text).join(" "));
    for (const row of rows)
      assert.ok(
        withRows.some(({ text }) =>
          squeezed(text).includes(squeezed(`${row.at}${row.until}${row.atClient}${row.length}${row.activity}`)),
        ),
        `${format}: the session at ${row.at}, of ${all.length} characters`,
      );
  }
});

test("every page fits the paper, in dark mode too, and shows no navigation", async () => {
  const [{ agent, client, entry }] = await sql`
    SELECT s.agent_id AS agent, s.client_group_id AS client, s.jibble_activity_id AS entry
    FROM timesheet.sessions('2026-11-17', '2026-11-18') AS s WHERE s.client_group_id IS NOT NULL ORDER BY s.started_at
    LIMIT 1`;
  const week = "from=2026-11-16&to=2026-11-22";
  await page.emulateMedia({ colorScheme: "dark" });
  for (const path of [
    `/?${week}`,
    `/clients?${week}`,
    `/clients/${client}?${week}`,
    `/clients/${client}?from=2026-01-01&to=2026-11-22`,
    `/agents?${week}`,
    `/agents/${agent}?${week}`,
    `/agents/${agent}/2026-11-17`,
    `/activities?${week}`,
    `/entries?${week}`,
    `/entries/${entry}`,
    "/digests",
    "/digests/1",
    "/health",
    "/search?q=a",
  ]) {
    await open(path);
    const sheets = await printed("A4");
    assertInside(sheets, path);
    const title = await page.locator("h1").textContent();
    assert.ok(squeezed(sheets[0].text).includes(squeezed(title)), path);
    for (const { text } of sheets) assert.ok(!text.includes("Skip to the content") && !text.includes("CSV"), path);
    await page.emulateMedia({ media: "print", colorScheme: "dark" });
    assert.deepEqual(
      await page.evaluate(() => {
        const { color, backgroundColor } = window.getComputedStyle(document.body);
        return [color, backgroundColor];
      }),
      ["rgb(0, 0, 0)", "rgb(255, 255, 255)"],
      path,
    );
    await page.emulateMedia({ media: null, colorScheme: "dark" });
  }
  await page.emulateMedia({ media: null, colorScheme: null });
});

test("charts need no colour: each series has its own pattern or grey", async () => {
  await open("/?from=2026-11-16&to=2026-11-22");
  await page.emulateMedia({ media: "print" });
  const looks = await page.evaluate(() =>
    [...document.querySelectorAll("pattern")].map((pattern) => ({
      fill: window.getComputedStyle(pattern.querySelector("rect")).fill,
      marks: pattern.querySelector("g").innerHTML,
      turned: pattern.getAttribute("patternTransform"),
    })),
  );
  await page.emulateMedia({ media: null });
  assert.equal(looks.length, 8);
  for (const { fill } of looks) assert.match(fill, /^rgb\((\d+), \1, \1\)$/);
  assert.equal(
    new Set(looks.map((look) => JSON.stringify(look.marks ? [look.marks, look.turned] : look.fill))).size,
    8,
  );
});

test("without scripts it prints the same", async () => {
  await open("/clients?from=2026-11-16&to=2026-11-22");
  const texts = (await printed("A4")).map((sheet) => squeezed(sheet.text));
  const context = await browser.newContext({ javaScriptEnabled: false });
  const bare = await context.newPage();
  await bare.goto(`${site.url}/clients?from=2026-11-16&to=2026-11-22`);
  const document = await getDocumentProxy(new Uint8Array(await bare.pdf({ format: "A4" })));
  const own = [];
  for (let n = 1; n <= document.numPages; n += 1) {
    const { items } = await (await document.getPage(n)).getTextContent();
    own.push(squeezed(items.map((item) => item.str).join(" ")));
  }
  assert.deepEqual(own, texts);
  await context.close();
});
