// Weeks, months and usual weeks: on the demo against the engine, and on entries whose hours are worked out by hand.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { addHours, addWork, removeWork, startAt } from "./hand_made.mjs";
import { csv, figure, hundredths, owner, startBrowser, startDemo, tableOf } from "./world.mjs";
import { xlsx } from "./xlsx.mjs";

// A Wednesday: the last full week is that of Mon 21 April, or of Sun 20 April.
const moment = "2025-04-30T10:00:00Z";
let demo, site, browser, page, sql, monday, sunday, agents, other;

before(async () => {
  sql = owner();
  [{ monday, agents }] = await sql`
    SELECT a.client_group_id AS monday, array_agg(a.agent_id ORDER BY a.agent_id) AS agents
    FROM timesheet.agents AS a JOIN timesheet.client_group_names AS g ON g.key = a.client_group_id
    WHERE a.status = 'Joined' AND g.week_starts_on = 1 GROUP BY 1 HAVING count(*) > 3 ORDER BY 1 LIMIT 1`;
  [{ sunday, other }] = await sql`
    SELECT g.client_group_id AS sunday, min(a.agent_id) AS other
    FROM timesheet.client_groups AS g JOIN timesheet.agents AS a USING (client_group_id)
    WHERE g.week_starts_on = 7 AND a.status = 'Joined' GROUP BY 1`;
  const [first, second, third, removed] = agents;
  for (const [day, hours] of [
    ["2025-02-26", 8],
    ["2025-03-05", 10],
    ["2025-03-19", 6],
    ["2025-03-26", 7],
    ["2025-04-09", 7],
  ])
    await addHours(sql, first, monday, day, hours);
  // For another client, on the Sunday on which London's clocks go forward: 00:30 to 03:30 there are two hours.
  await addWork(sql, first, sunday, "2025-03-30", "2025-03-30 00:30Z", "2025-03-30 02:30Z");
  // Over midnight: five hours of the workday on which they began.
  await addWork(sql, first, monday, "2025-04-23", "2025-04-23 22:00Z", "2025-04-24 03:00Z");
  for (const day of ["2025-03-19", "2025-03-26", "2025-04-02"]) {
    await addHours(sql, second, monday, day, 10);
    await addHours(sql, removed, monday, day, 4);
  }
  await addHours(sql, third, monday, "2025-04-02", 8);
  await addHours(sql, third, monday, "2025-04-22", 8);
  // Sundays and Saturdays, in weeks that begin on Sunday.
  for (const [day, hours] of [
    ["2025-03-16", 5],
    ["2025-03-23", 9],
    ["2025-03-30", 6],
    ["2025-04-20", 4],
    ["2025-04-26", 3],
    ["2025-04-27", 6],
  ])
    await addHours(sql, other, sunday, day, hours);
  await sql`UPDATE timesheet.agents SET status = 'Removed' WHERE agent_id = ${removed}`;
  [demo, site, browser] = [await startDemo(), await startAt(moment), await startBrowser()];
  page = await browser.newPage();
});
after(async () => {
  if (agents) await sql`UPDATE timesheet.agents SET status = 'Joined' WHERE agent_id = ${agents[3]}`;
  await removeWork(sql);
  await browser?.close();
  await demo?.stop();
  await site?.stop();
  await sql?.end();
});

async function open(path, on = site) {
  const response = await page.goto(on.url + path);
  assert.equal(response.status(), 200, path);
}

async function rounded(rows) {
  const [row] = await sql`
    SELECT array_to_string(timesheet.round_hours(
      string_to_array(${rows.map((r) => r.seconds).join(",")}, ',')::bigint[]),
      ',') AS hours`;
  return Object.fromEntries(row.hours.split(",").map((hours, n) => [rows[n].key, hundredths(hours)]));
}

/** The weeks' hours by their first days, of which only those with hours. */
async function weeks() {
  const { rows, total } = await tableOf(page, "weeks");
  assert.equal(rows.length, 12);
  const all = rows.map((row) => [row.key, hundredths(row.hours)]);
  assert.equal(
    hundredths(total.hours),
    all.reduce((sum, [, hours]) => sum + hours, 0),
  );
  return Object.fromEntries(all.filter(([, hours]) => hours > 0));
}

async function month() {
  const cells = await page
    .locator('table[data-table="month"] td[data-day]')
    .evaluateAll((all) =>
      all.map((cell) => [cell.dataset.day, cell.querySelector("[data-hours]").textContent, cell.className]),
    );
  const hours = cells.map(([, text]) => (text === "–" ? 0 : hundredths(text)));
  assert.equal(
    hundredths(await figure(page, "month")),
    hours.reduce((sum, each) => sum + each, 0),
  );
  return {
    count: cells.length,
    hours: Object.fromEntries(cells.map(([day], n) => [day, hours[n]]).filter(([, each]) => each > 0)),
    shades: Object.fromEntries(cells.filter((_, n) => hours[n] > 0).map(([day, , shade]) => [day, shade])),
  };
}

test("weeks: a client's and an agent's last 12 full weeks equal the engine's, Sunday weeks too", async () => {
  const clients = await sql`
    SELECT g.client_group_id AS id, g.week_starts_on AS starts FROM timesheet.client_group_names AS g
    WHERE g.client_group_id IN (${monday}, ${sunday})`;
  for (const { id, starts } of clients) {
    // By hand: on Tue 24 Nov 2026 the last full weeks began on 16 Nov, a Monday, or 15 Nov, a Sunday.
    const last = starts === 7 ? "2026-11-15" : "2026-11-16";
    const expected = await rounded(
      await sql`
        SELECT w.week::text AS key, coalesce((SELECT sum(h.work_seconds)
          FROM timesheet.weekly_hours(w.week, w.week + 7) AS h
          WHERE h.client_group_id = ${id} AND h.week_start = w.week), 0) AS seconds
        FROM (SELECT ${last}::date - 7 * n AS week FROM generate_series(0, 11) AS n) AS w ORDER BY w.week`,
    );
    await open(`/clients/${id}`, demo);
    const shown = Object.fromEntries((await tableOf(page, "weeks")).rows.map((r) => [r.key, hundredths(r.hours)]));
    assert.deepEqual(shown, expected);
    const [{ agent }] = await sql`
      SELECT min(a.agent_id) AS agent FROM timesheet.agents AS a JOIN timesheet.weekly_hours(${last}, ${last}::date + 7)
        AS h USING (agent_id) WHERE a.client_group_id = ${id}`;
    await open(`/agents/${agent}`, demo);
    const own = Object.fromEntries((await tableOf(page, "weeks")).rows.map((r) => [r.key, hundredths(r.hours)]));
    const [{ seconds }] = await sql`
      SELECT sum(h.work_seconds) AS seconds
      FROM timesheet.daily_hours(${last}::date - 77, ${last}::date + 7, ${agent}) AS h`;
    assert.deepEqual(Object.keys(own), Object.keys(expected));
    assert.equal(
      Object.values(own).reduce((sum, hours) => sum + hours, 0),
      Math.round(seconds / 36),
    );
  }
});

test("weeks: the mean is of the weeks with hours; the chart has a description", async () => {
  await open(`/agents/${agents[0]}`);
  assert.deepEqual(await weeks(), {
    "2025-02-24": 800,
    "2025-03-03": 1000,
    "2025-03-17": 600,
    "2025-03-24": 900,
    "2025-04-07": 700,
    "2025-04-21": 500,
  });
  // 45 hours in six weeks.
  assert.equal(await figure(page, "mean"), "7.50");
  const chart = page.getByRole("img", { name: "Hours in each of the last 12 full weeks: 45.00 in all, mean 7.50" });
  assert.equal(await chart.locator("circle").count(), 12);
  assert.match(await page.locator("section[aria-labelledby=weeks-title]").textContent(), /Weeks begin on Monday/);
});

test("weeks and month: the files have the page's figures, as decimals whatever the page shows", async () => {
  const path = `/agents/${agents[0]}`;
  await open(`${path}?month=2025-03&hours=hmm`);
  const links = (panel) =>
    page
      .locator(`section[aria-labelledby=${panel}-title] .panel-tools a[download]`)
      .evaluateAll((all) => all.map((link) => link.getAttribute("href")));
  // By hand, as above: the mean is 7.50.
  const expected = [
    ["2025-02-03", "2025-02-09", 0],
    ["2025-02-10", "2025-02-16", 0],
    ["2025-02-17", "2025-02-23", 0],
    ["2025-02-24", "2025-03-02", 800],
    ["2025-03-03", "2025-03-09", 1000],
    ["2025-03-10", "2025-03-16", 0],
    ["2025-03-17", "2025-03-23", 600],
    ["2025-03-24", "2025-03-30", 900],
    ["2025-03-31", "2025-04-06", 0],
    ["2025-04-07", "2025-04-13", 700],
    ["2025-04-14", "2025-04-20", 0],
    ["2025-04-21", "2025-04-27", 500],
  ];
  const [weeksCsv, weeksXlsx] = await links("weeks");
  assert.deepEqual(
    (await csv(site.url + weeksCsv)).map((row) => [
      row["First day"],
      row["Last day"],
      hundredths(row.Hours),
      hundredths(row["Against the mean"]),
    ]),
    expected.map((row) => [...row, row[2] - 750]),
  );
  const [week] = (await xlsx(site.url + weeksXlsx)).slice(3);
  assert.deepEqual(week["First day"], { at: "2025-02-24 00:00:00", format: "yyyy-mm-dd" });
  assert.deepEqual([week.Hours, week["Against the mean"]], [8, 0.5]);
  // The month that is shown, each of its days.
  const days = await csv(site.url + (await links("month"))[0]);
  assert.deepEqual([days.length, days[0].Day, days.at(-1).Day], [31, "2025-03-01", "2025-03-31"]);
  assert.deepEqual(
    Object.fromEntries(days.map((row) => [row.Day, row.Hours]).filter(([, hours]) => hours !== "0.00")),
    {
      "2025-03-05": "10.00",
      "2025-03-19": "6.00",
      "2025-03-26": "7.00",
      "2025-03-30": "2.00",
    },
  );
  // A client's, whose weeks begin on Sunday; a cookie keeps the unit of the hours for the next tests.
  await open(`/clients/${sunday}?month=2025-03&hours=decimal`);
  assert.deepEqual(
    (await csv(site.url + (await links("weeks"))[0]))
      .map((row) => [row["First day"], hundredths(row.Hours)])
      .filter(([, hours]) => hours > 0),
    [
      ["2025-03-16", 500],
      ["2025-03-23", 900],
      ["2025-03-30", 800],
      ["2025-04-20", 700],
    ],
  );
  const ofClient = await csv(site.url + (await links("month"))[0]);
  assert.deepEqual(
    ofClient.map((row) => [row.Day, row.Hours]).filter(([, hours]) => hours !== "0.00"),
    [
      ["2025-03-16", "5.00"],
      ["2025-03-23", "9.00"],
      ["2025-03-30", "8.00"],
    ],
  );
});

test("weeks: an agent's hours for two clients are each client's own, in its own week, as clocks change", async () => {
  await open(`/clients/${sunday}`);
  // Sun 30 March: two hours of the first agent, six of the other.
  assert.deepEqual(await weeks(), { "2025-03-16": 500, "2025-03-23": 900, "2025-03-30": 800, "2025-04-20": 700 });
  assert.match(await page.locator("section[aria-labelledby=weeks-title]").textContent(), /Weeks begin on Sunday/);
  await open(`/agents/${other}`);
  assert.deepEqual(await weeks(), { "2025-03-16": 500, "2025-03-23": 900, "2025-03-30": 600, "2025-04-20": 700 });
});

test("month: each day has its figure; the shade goes from the fewest hours to the most", async () => {
  await open(`/agents/${agents[0]}`);
  assert.deepEqual(await month(), {
    count: 30,
    hours: { "2025-04-09": 700, "2025-04-23": 500 },
    shades: { "2025-04-09": "level-4", "2025-04-23": "level-1" },
  });
  await page.getByRole("link", { name: "Earlier month" }).click();
  await page.waitForURL(/month=2025-03/);
  // From 2 to 10 hours by quarters: 2–4, 4–6, 6–8, 8–10.
  assert.deepEqual(await month(), {
    count: 31,
    hours: { "2025-03-05": 1000, "2025-03-19": 600, "2025-03-26": 700, "2025-03-30": 200 },
    shades: { "2025-03-05": "level-4", "2025-03-19": "level-3", "2025-03-26": "level-3", "2025-03-30": "level-1" },
  });
  const table = page.locator('table[data-table="month"]');
  assert.deepEqual(
    (await table.locator("thead th").allTextContents()).slice(0, 7).join(" "),
    "Mon Tue Wed Thu Fri Sat Sun",
  );
  assert.equal(await table.locator('td[data-day="2025-03-05"] .visually-hidden').textContent(), "Wed 5 Mar 2025: ");
  assert.equal(await page.getByRole("link", { name: "Later month" }).count(), 1);
  await open(`/clients/${sunday}?month=2025-03`);
  assert.deepEqual((await month()).hours, { "2025-03-16": 500, "2025-03-23": 900, "2025-03-30": 800 });
  assert.equal((await table.locator("thead th").allTextContents())[0], "Sun");
  // The month of the days shown, and what is no month.
  await open(`/agents/${agents[0]}?from=2025-02-20&to=2025-02-26&month=2025-13`);
  assert.deepEqual((await month()).hours, { "2025-02-26": 800 });
});

test("month: the demo's days equal the engine's", async () => {
  const [{ id }] = await sql`
    SELECT h.client_group_id AS id FROM timesheet.daily_hours('2026-10-01', '2026-11-01') AS h
    WHERE h.client_group_id IS NOT NULL GROUP BY 1 ORDER BY sum(h.work_seconds) DESC LIMIT 1`;
  const expected = await rounded(
    await sql`
      SELECT d.day::text AS key, coalesce((SELECT sum(h.work_seconds)
        FROM timesheet.daily_hours('2026-10-01', '2026-11-01') AS h
        WHERE h.client_group_id = ${id} AND h.workday = d.day), 0) AS seconds
      FROM (SELECT '2026-10-01'::date + n AS day FROM generate_series(0, 30) AS n) AS d ORDER BY 1`,
  );
  await open(`/clients/${id}?month=2026-10`, demo);
  const { hours } = await month();
  assert.deepEqual(hours, Object.fromEntries(Object.entries(expected).filter(([, cell]) => cell > 0)));
});

test("usual week: the median of the weeks before with hours, by each agent's own week, as the page says", async () => {
  const [first, second, third, removed] = agents;
  await open("/agents/usual");
  const usual = await page.locator(".subtitle").textContent();
  assert.match(usual, /median of the 8 full weeks before, of those with hours, if they are at least 3\. Over and /);
  assert.match(usual, / Over and under: by more than 10 %/);
  assert.equal(await page.locator("[data-week]").getAttribute("data-week"), "2025-04-21");
  const { rows } = await tableOf(page, "usual");
  const row = (id) => {
    const found = rows.find((each) => each.key === String(id));
    return found && [found.week, found.hours, found.usual, found.change, found.verdict, found.weeks];
  };
  // 6, 7, 8, 9 and 10 hours before, for both clients together.
  assert.deepEqual(row(first), ["21 – 27 Apr 2025", "5.00", "8.00", "−3.00", "Under", "5"]);
  assert.deepEqual(row(second), ["21 – 27 Apr 2025", "0.00", "10.00", "−10.00", "Under", "3"]);
  assert.deepEqual(row(third), ["21 – 27 Apr 2025", "8.00", "–", "", "No usual week yet", "1"]);
  // 5, 6 and 9 before; of Sun 20 to Sat 26 April 4 + 3.
  assert.deepEqual(row(other), ["20 – 26 Apr 2025", "7.00", "6.00", "+1.00", "Over", "3"]);
  assert.equal(row(removed), undefined, "removed, and without hours in that week");
  await page.getByRole("link", { name: "Under (2)" }).click();
  await page.waitForURL(/show=under/);
  assert.deepEqual(
    (await tableOf(page, "usual")).rows.map((each) => each.key).sort(),
    [first, second].map(String).sort(),
  );
  await open("/agents/usual?people=all");
  const all = (await tableOf(page, "usual")).rows;
  const marked = all.find((each) => each.key === String(removed));
  assert.deepEqual([marked.status, marked.hours, marked.usual], ["Removed", "0.00", "4.00"]);
  const exported = await csv(`${site.url}/agents/usual/csv`);
  assert.deepEqual(
    exported.map((each) => hundredths(each.Hours)),
    rows.map((each) => hundredths(each.hours)),
  );
});

test("usual week: a week that holds a day, at the latest the last full one", async () => {
  // Before 17 to 23 March: 8 and 10 hours, too few; Sun 16 March has none before.
  await open("/agents/usual?from=2025-03-19");
  const { rows } = await tableOf(page, "usual");
  const first = rows.find((each) => each.key === String(agents[0]));
  assert.deepEqual([first.week, first.hours, first.verdict], ["17 – 23 Mar 2025", "6.00", "No usual week yet"]);
  assert.equal(rows.find((each) => each.key === String(other)).hours, "5.00");
  await open("/agents/usual?from=2999-12-31");
  assert.equal(await page.locator("[data-week]").getAttribute("data-week"), "2025-04-21");
  assert.equal(await page.getByRole("link", { name: "Later week" }).count(), 0);
});

test("people without hours are left out until asked for; the address keeps that; removed ones are marked", async () => {
  const days = "from=2025-03-24&to=2025-03-30";
  await open(`/agents?${days}`);
  const list = (await tableOf(page, "agents")).rows;
  assert.deepEqual(list.map((row) => row.key).sort(), [agents[0], agents[1], agents[3], other].map(String).sort());
  assert.equal(list.find((row) => row.key === String(agents[3])).status, "Removed");
  const [{ people }] = await sql`SELECT count(*)::int AS people FROM timesheet.agents`;
  assert.match(
    await page.locator("[data-left]").textContent(),
    new RegExp(`^${people - 4} people without hours in 24 – 30 Mar 2025 are not shown\\. Show them$`),
  );
  await page.getByRole("link", { name: "Show them" }).click();
  await page.waitForURL(/people=all/);
  assert.equal((await tableOf(page, "agents")).rows.length, people);
  await page.getByRole("columnheader", { name: "Hours" }).getByRole("link").click();
  await page.waitForURL(/sort=-hours/);
  assert.match(page.url(), /people=all/);
  assert.equal((await csv(`${site.url}/agents/csv?${days}&people=all`)).length, people);
  assert.equal((await csv(`${site.url}/agents/csv?${days}`)).length, 4);
  await open(`/clients/${monday}?${days}`);
  const mark = page.locator(`table[data-table="agents"] tr[data-row="${agents[3]}"] .tag.removed`);
  assert.equal(await mark.textContent(), "Removed");
  assert.equal(await page.locator(".tag.removed").count(), 1);
  // A search for somebody who has none says so.
  const [{ name }] = await sql`SELECT full_name AS name FROM timesheet.agents WHERE agent_id = ${agents[2]}`;
  await open(`/agents?${days}&q=${encodeURIComponent(name)}`);
  assert.ok((await page.locator(".empty").textContent()).startsWith("No agent with hours is called"));
  await page.getByRole("link", { name: "Show them" }).click();
  await page.waitForURL(/people=all/);
  assert.equal((await tableOf(page, "agents")).rows[0].key, String(agents[2]));
});

test("a break alone is no work: who has nothing else is left out, and the hours' total is the same", async () => {
  const day = "2025-06-11";
  const [worked, , paused, removed] = agents;
  try {
    await addHours(sql, worked, monday, day, 2);
    // Half an hour of a break, and nothing else; a clock-in without an end, which counts until 11:00, unconfirmed.
    await sql`
      INSERT INTO timesheet.time_entries (jibble_activity_id, agent_id, client_group_id, start_time_utc, raw_type,
        time_zone, workday, workday_end)
      SELECT gen_random_uuid(), v.agent, ${monday}::int, v.at, v.type, 'UTC', ${day}::date, '2025-06-11 11:00Z'
      FROM (VALUES (${paused}::int, '2025-06-11 10:00Z'::timestamptz, 'StartBreak'),
        (${paused}::int, '2025-06-11 10:30Z', 'Out'), (${removed}::int, '2025-06-11 10:00Z', 'In'))
        AS v (agent, at, type)`;
    await open(`/agents?from=${day}&to=${day}`);
    const { rows, total } = await tableOf(page, "agents");
    const shown = (all) => all.map((row) => [row.key, row.hours, row.unconfirmed]).sort();
    const expected = [
      [String(worked), "2.00", "0.00"],
      [String(removed), "1.00", "1.00"],
    ].sort();
    assert.deepEqual(shown(rows), expected);
    await open(`/agents?from=${day}&to=${day}&people=all`);
    const all = await tableOf(page, "agents");
    assert.equal(all.rows.find((row) => row.key === String(paused)).breaks, "0.50");
    assert.deepEqual([total.hours, total.unconfirmed], ["3.00", "1.00"]);
    assert.deepEqual([all.total.hours, all.total.unconfirmed], ["3.00", "1.00"]);
    assert.equal((await csv(`${site.url}/agents/csv?from=${day}&to=${day}`)).length, 2);
  } finally {
    await sql`DELETE FROM timesheet.time_entries WHERE workday = ${day}`;
    await sql`SELECT timesheet.refresh()`;
  }
});

test("activities compared: new is what had no hours; without hours in both periods there is no change", async () => {
  const day = "2025-06-11";
  const [one, two] = await sql`SELECT activity_id AS id FROM timesheet.activities ORDER BY 1 LIMIT 2`;
  try {
    // An hour of one activity; ten seconds of another, which are 0.00.
    for (const [agent, from, to] of [
      [agents[0], "10:00", "11:00"],
      [agents[1], "10:00", "10:00:10"],
    ])
      await addWork(sql, agent, monday, day, `${day} ${from}Z`, `${day} ${to}Z`);
    await sql`
      UPDATE timesheet.time_entries SET activity_id = CASE agent_id WHEN ${agents[0]} THEN ${one.id}::int
        ELSE ${two.id}::int END WHERE workday = ${day}`;
    await open(`/activities/compare?from=${day}&to=${day}`);
    const { rows } = await tableOf(page, "activities");
    const row = ({ id }) => {
      const found = rows.find((each) => each.key === String(id));
      return [found.hours, found.other, found.change, found.percent];
    };
    assert.deepEqual(row(one), ["1.00", "0.00", "+1.00", "new"]);
    assert.deepEqual(row(two), ["0.00", "0.00", "±0.00", "–"]);
  } finally {
    await sql`DELETE FROM timesheet.time_entries WHERE workday = ${day}`;
    await sql`SELECT timesheet.refresh()`;
  }
});

test("days in the wrong order are put in order, and the page says so", async () => {
  const wrong = "The days were in the wrong order; shown are 16 – 22 Nov 2026.";
  for (const path of ["/clients", "/agents", "/activities", "/entries", "/digests", "/health", "/activities/compare"]) {
    await open(`${path}?from=2026-11-22&to=2026-11-16`, demo);
    assert.equal(await page.locator("[data-range]").getAttribute("data-range"), "2026-11-16 2026-11-22", path);
    assert.deepEqual(await page.locator(".range [role=status]").allTextContents(), [wrong], path);
    await open(`${path}?from=2026-11-16&to=2026-11-22`, demo);
    assert.equal(await page.locator("[role=status]", { hasText: "wrong order" }).count(), 0, path);
  }
  await open("/clients?from=2026-11-22&to=2020-11-16", demo);
  assert.deepEqual(await page.locator(".range [role=status]").allTextContents(), [
    "The days were in the wrong order; shown are 22 Nov 2025 – 22 Nov 2026.",
    "At most 366 days are shown at once: the last 366 of those you chose.",
  ]);
  await open("/activities/compare?from=2026-11-16&to=2026-11-22&with_from=2026-10-09&with_to=2026-10-05", demo);
  assert.deepEqual(await page.locator("main > [role=status]").allTextContents(), [
    "The other days were in the wrong order; compared with are 5 – 9 Oct 2026.",
  ]);
});

test("activities compared: both periods equal the engine's, also days in the wrong order", async () => {
  const hoursOf = async (from, until) =>
    rounded(
      await sql`
        SELECT coalesce(h.activity_id, 0)::text AS key, sum(h.work_seconds) AS seconds
        FROM timesheet.weekly_hours(${from}, ${until}) AS h
        GROUP BY 1 HAVING sum(h.work_seconds) > 0 OR sum(h.session_count) > 0
        ORDER BY min(coalesce(h.activity_id, 0))`,
    );
  const [now, then] = [await hoursOf("2026-11-16", "2026-11-23"), await hoursOf("2026-10-05", "2026-10-10")];
  const keys = [...new Set([...Object.keys(now), ...Object.keys(then)])].sort();
  for (const query of ["with_from=2026-10-05&with_to=2026-10-09", "with_from=2026-10-09&with_to=2026-10-05"]) {
    await open(`/activities/compare?from=2026-11-16&to=2026-11-22&${query}`, demo);
    const { rows, total } = await tableOf(page, "activities");
    const cells = (column) => Object.fromEntries(rows.map((row) => [row.key, hundredths(row[column])]));
    assert.deepEqual(rows.map((row) => row.key).sort(), keys);
    for (const key of keys) {
      assert.deepEqual([cells("hours")[key], cells("other")[key]], [now[key] ?? 0, then[key] ?? 0], key);
      assert.equal(cells("change")[key], (now[key] ?? 0) - (then[key] ?? 0), key);
    }
    assert.equal(
      hundredths(total.change),
      keys.reduce((sum, key) => sum + (now[key] ?? 0) - (then[key] ?? 0), 0),
    );
    const exported = await csv(`${demo.url}/activities/compare/csv?from=2026-11-16&to=2026-11-22&${query}`);
    assert.deepEqual(
      exported.map((row) => hundredths(row.Change)),
      rows.map((row) => hundredths(row.change)),
    );
  }
});

test("activities compared: without days the last full week and the one before; a form sets the other", async () => {
  await open("/activities/compare", demo);
  assert.equal(await page.locator("[data-range]").getAttribute("data-range"), "2026-11-16 2026-11-22");
  const form = page.getByRole("form", { name: "The other period" });
  assert.deepEqual(
    [await form.getByLabel("Compared with").inputValue(), await form.getByLabel("to").inputValue()],
    ["2026-11-09", "2026-11-15"],
  );
  await form.getByLabel("Compared with").fill("2026-10-05");
  await form.getByRole("button", { name: "Compare" }).click();
  await page.waitForURL(/with_from=2026-10-05/);
  assert.match(page.url(), /from=2026-11-16&to=2026-11-22/);
  assert.equal(await page.locator("[data-range]").getAttribute("data-range"), "2026-11-16 2026-11-22");
});
