// The start page: figures worked out by hand at several moments, the demo's against the engine, and that it fits.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { addHours, addWork, removeWork, startAt } from "./hand_made.mjs";
import { figure, hundredths, now, owner, startBrowser, superuser } from "./world.mjs";

let browser, page, sql, agents, client;

before(async () => {
  sql = owner();
  [{ agents, client }] = await sql`
    SELECT a.client_group_id AS client, array_agg(a.agent_id ORDER BY a.agent_id) AS agents
    FROM timesheet.agents AS a WHERE a.status = 'Joined' AND a.client_group_id IS NOT NULL GROUP BY 1
    HAVING count(*) > 3 ORDER BY 1 LIMIT 1`;
  browser = await startBrowser();
  page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
});
after(async () => {
  await removeWork(sql);
  await browser?.close();
  await sql?.end();
});

/** Does something with the start page as it is at a moment. */
async function at(moment, look, database) {
  const site = await startAt(moment, database);
  try {
    const response = await page.goto(`${site.url}/`);
    assert.equal(response.status(), 200);
    await look(site);
  } finally {
    await site.stop();
  }
}

async function figures() {
  return Promise.all(["today", "hours", "previous"].map(async (id) => hundredths(await figure(page, id))));
}

const tile = (id) => page.locator(`.tile:has([data-figure="${id}"])`);

test("start: this week and last week count up to the same moment, which is named", async () => {
  // Of last week until Wed 23 April, 10:00: six hours of Monday, the first hour of Wednesday's eight, half an hour
  // typed in for Wednesday; neither Thursday's nor what was typed in for it.
  await addHours(sql, agents[0], client, "2025-04-21", 6);
  await addWork(sql, agents[0], client, "2025-04-23", "2025-04-23 09:00Z", "2025-04-23 17:00Z");
  await addHours(sql, agents[0], client, "2025-04-24", 8);
  await sql`
    INSERT INTO timesheet.hour_entries (jibble_id, agent_id, client_group_id, workday, seconds)
    VALUES (gen_random_uuid(), ${agents[1]}, ${client}, '2025-04-23', 1800),
      (gen_random_uuid(), ${agents[1]}, ${client}, '2025-04-24', 3600)`;
  // From Sunday evening over midnight: four hours of Sunday's workday, and so of last week.
  await addWork(sql, agents[0], client, "2025-04-27", "2025-04-27 22:00Z", "2025-04-28 02:00Z");
  await addHours(sql, agents[0], client, "2025-04-28", 8);
  await addWork(sql, agents[0], client, "2025-04-30", "2025-04-30 08:00Z", "2025-04-30 12:00Z");
  try {
    await at("2025-04-30T10:00:00Z", async () => {
      assert.deepEqual(await figures(), [200, 1000, 750]);
      assert.match(await page.locator(".subtitle").textContent(), /^Wed 30 Apr 2025, 10:00 in UTC$/);
      assert.match(await tile("previous").textContent(), /up to the same moment, Wed 23 Apr 2025, 10:00$/);
      // 2.00 of today and 1.50 of last Wednesday; 10.00 and 7.50.
      assert.match(await tile("today").textContent(), /\+0\.50 against last Wed up to 10:00$/);
      assert.match(await tile("hours").textContent(), /\+2\.50 against last week up to the same moment$/);
      assert.equal(
        await page
          .getByRole("img", { name: "Hours by day: 10.00 this week, 7.50 last week up to the same moment" })
          .count(),
        1,
      );
      assert.deepEqual(await page.locator("svg .bar title").allTextContents(), [
        "Mon, last week, up to the same moment: 6.00 hours",
        "Wed, last week, up to the same moment: 1.50 hours",
        "Mon, this week: 8.00 hours",
        "Wed, this week: 2.00 hours",
      ]);
    });
    // Midnight: a week has just begun, and just before it is about to end.
    await at("2025-04-28T00:00:00Z", async () => assert.deepEqual(await figures(), [0, 0, 0]));
    // 6 + 8 + 8 + 1.50 and of Sunday's evening 1 h 59 min 59 s.
    await at("2025-04-27T23:59:59Z", async () => assert.deepEqual(await figures(), [200, 2550, 0]));
    // The office's week begins on Sunday: that evening is of this week.
    await sql`UPDATE timesheet.settings SET week_starts_on = 7`;
    await at("2025-04-30T10:00:00Z", async () => assert.deepEqual(await figures(), [200, 1400, 750]));
  } finally {
    await sql`UPDATE timesheet.settings SET week_starts_on = 1`;
    await removeWork(sql);
  }
});

test("start: the same moment is the same time on the clock, though clocks went forward in between", async () => {
  await sql`UPDATE timesheet.settings SET default_time_zone = 'America/New_York'`;
  // Both Wednesdays 09:00 to 17:00 in New York, which went from UTC-5 to UTC-4 on Sun 9 March 2025.
  await addWork(sql, agents[0], client, "2025-03-05", "2025-03-05 14:00Z", "2025-03-05 22:00Z");
  await addWork(sql, agents[0], client, "2025-03-12", "2025-03-12 13:00Z", "2025-03-12 21:00Z");
  try {
    await at("2025-03-12T14:30:00Z", async () => {
      assert.deepEqual(await figures(), [150, 150, 150]);
      assert.match(await page.locator(".subtitle").textContent(), /^Wed 12 Mar 2025, 10:30 in America\/New_York$/);
      assert.match(await tile("previous").textContent(), /Wed 5 Mar 2025, 10:30$/);
    });
  } finally {
    await sql`UPDATE timesheet.settings SET default_time_zone = 'UTC'`;
    await removeWork(sql);
  }
});

test("start: the demo's figures equal the engine's sessions, cut at the moment", async () => {
  const cut = async (since, until, moment) => {
    const [{ seconds }] = await sql`
      SELECT sum(floor(extract(epoch FROM upper(r.part) - lower(r.part))))::bigint AS seconds
      FROM timesheet.sessions(${since}, ${until}) AS s
      CROSS JOIN LATERAL (SELECT tstzrange(s.started_at, s.ended_at) * tstzrange(NULL, ${moment}) AS part) AS r
      WHERE s.kind = 'work' AND NOT isempty(r.part)`;
    const [{ manual }] = await sql`
      SELECT coalesce(sum(h.manual_seconds), 0) AS manual
      FROM timesheet.daily_hours(${since}, ${moment.slice(0, 10)}::date + 1) AS h`;
    return Math.round((seconds + manual) / 36);
  };
  await at(now, async () => {
    assert.deepEqual((await figures()).slice(1), [
      await cut("2026-11-23", "2026-11-30", now),
      await cut("2026-11-16", "2026-11-23", "2026-11-17T07:30:00Z"),
    ]);
  });
});

test("start: one screen at 1280 × 800, with many at work; who should have clocked out", async () => {
  const [before, ids] = [new Date(Date.now() - 40 * 3_600_000).toISOString(), agents];
  const add = (agent, ago, type, workday = "1 hour") => sql`
    INSERT INTO timesheet.time_entries (jibble_activity_id, agent_id, client_group_id, start_time_utc, raw_type,
      time_zone, workday, workday_end)
    VALUES (gen_random_uuid(), ${agent}, ${client}, now() - ${ago}::interval, ${type}, 'UTC',
      (now() - ${workday}::interval)::date, now() + interval '6 hours')`;
  try {
    // Clocked in 13 hours ago, and on something else and a break since: longer than the setting's 12 hours.
    for (const [ago, type] of [
      ["13 hours", "In"],
      ["9 hours", "StartBreak"],
      ["8 hours", "In"],
      ["2 hours", "In"],
    ])
      await add(ids[0], ago, type);
    // Out in between: clocked in for 5 hours only.
    for (const [ago, type] of [
      ["15 hours", "In"],
      ["6 hours", "Out"],
      ["5 hours", "In"],
    ])
      await add(ids[1], ago, type);
    await add(ids[2], "30 minutes", "StartBreak");
    // In 40 hours ago, and nothing since: no clock-out.
    await add(ids[3], "40 hours", "In", "40 hours");
    const others = await sql`
      SELECT a.agent_id AS id FROM timesheet.agents AS a WHERE a.status = 'Joined' AND a.agent_id <> ALL (${ids})
      ORDER BY 1 LIMIT 20`;
    for (const { id } of others) await add(id, "1 hour", "In");
    await at(now, async () => {
      assert.deepEqual(
        await page.locator("[data-overdue]").evaluateAll((all) => all.map((each) => Number(each.dataset.overdue))),
        [ids[0]],
      );
      assert.match(
        await page.locator("[data-overdue]").textContent(),
        /clocked in for 13:0\d.*longer than 12:00 hours$/,
      );
      assert.match(
        await page.locator("[data-no-clock-out]").textContent(),
        /no clock-out.*, at work from \d\d:\d\d in [\w/]+$/,
      );
      assert.equal(await figure(page, "overdue"), "2");
      assert.equal(await figure(page, "working"), String(3 + others.length));
      assert.match(await tile("working").textContent(), /1 on a break$/);
      const since = (id) => page.locator(`.working li[data-agent="${id}"] .detail`).textContent();
      assert.match(await since(ids[0]), / since .*\d\d:\d\d in .* · 13:0\d$/);
      assert.match(await since(ids[1]), / · 5:0\d$/);
      assert.match(await since(ids[2]), / · 0:3\d$/);
      assert.ok(
        (await page.evaluate(() => document.documentElement.scrollHeight)) <= 800,
        "the page is higher than the screen",
      );
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth), 1280);
    });
  } finally {
    await sql`DELETE FROM timesheet.time_entries WHERE start_time_utc >= ${before}::timestamptz - interval '1 minute'`;
    await sql`SELECT timesheet.refresh()`;
  }
});

test("start: what needs a decision: deliveries, held deletions, open alerts and this week's notes", async () => {
  await sql`
    INSERT INTO timesheet.held_deletions (resource, jibble_id, person_id, reason)
    SELECT 'TimeEntries', e.jibble_activity_id, a.jibble_id, 'person_deleted' FROM timesheet.time_entries AS e
    JOIN timesheet.agents AS a USING (agent_id) ORDER BY e.jibble_activity_id LIMIT 3`;
  await sql`
    INSERT INTO timesheet.alerts (kind, subject, detail, resolved_at)
    VALUES ('audit_differs', 'of the test', '5 days differ', NULL),
      ('failing_runs', 'of the test', 'has ended', now())`;
  try {
    const notes = await sql`
      SELECT n.code, count(*)::text AS count FROM timesheet.notes('2026-11-23', '2026-11-30') AS n GROUP BY 1`;
    assert.ok(notes.length > 0);
    await at(now, async () => {
      const list = page.locator("section[aria-labelledby=attention]");
      const messages = (await list.locator(".message").allTextContents()).map((text) => text.replace(/\s+/g, " "));
      const one = (pattern) =>
        assert.equal(messages.filter((text) => pattern.test(text)).length, 1, messages.join("\n"));
      one(/^Digests: .*in doubt/);
      one(/^3 deletions are held back\. Needs a decision\.$/);
      one(/^Hours differ from those of Jibble, since .* \(UTC\): 5 days differ$/);
      assert.ok(!messages.some((text) => text.includes("has ended")));
      assert.deepEqual(
        Object.fromEntries(
          await list
            .locator("[data-note]")
            .evaluateAll((all) => all.map((each) => [each.dataset.note, each.textContent])),
        ),
        Object.fromEntries(notes.map((note) => [note.code, note.count])),
      );
      await list.getByRole("link", { name: "Notes of this week" }).click();
      await page.waitForURL(/from=2026-11-23&to=2026-11-29#attention$/);
      await page.getByRole("link", { name: "Today and this week" }).click();
      await page.locator('[data-figure="today"]').waitFor();
    });
  } finally {
    await sql`DELETE FROM timesheet.held_deletions`;
    await sql`DELETE FROM timesheet.alerts WHERE subject = 'of the test'`;
  }
});

test("without any data, each page says so", async () => {
  const server = superuser("postgres");
  await server`DROP DATABASE IF EXISTS nothing`;
  // A copy needs that no one is connected to the original.
  await server`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'hostile'`;
  await server`CREATE DATABASE nothing TEMPLATE hostile OWNER timesheet`;
  const empty = owner("nothing");
  try {
    await empty`
      TRUNCATE timesheet.agents, timesheet.client_groups, timesheet.activities, timesheet.raw_events,
        timesheet.ingest_runs, timesheet.contacts CASCADE`;
    await at(
      now,
      async (site) => {
        assert.deepEqual(await figures(), [0, 0, 0]);
        const text = await page.locator("main").textContent();
        for (const part of ["No hours this week or last week.", "No agent is clocked in.", "no clock-out is missing"])
          assert.ok(text.includes(part), part);
        for (const [path, says] of [
          ["/agents", "No agent has been read from Jibble yet."],
          ["/agents/usual", "No agent has been read from Jibble yet."],
          ["/activities/compare", "No work in either period."],
          ["/clients/0", "No hours of (no client group) from Mon 31 Aug 2026 to Sun 22 Nov 2026."],
        ]) {
          assert.equal((await page.goto(site.url + path)).status(), 200, path);
          assert.ok((await page.locator("main").textContent()).includes(says), path);
        }
        assert.equal(await figure(page, "month"), "0.00");
        assert.equal(await page.locator("td[data-day]").count(), 30);
      },
      "nothing",
    );
  } finally {
    await empty.end();
    await server`DROP DATABASE IF EXISTS nothing WITH (FORCE)`;
    await server.end();
  }
});
