// Why an agent has no hours on a day. All expected times are worked out by hand.
import assert from "node:assert/strict";
import { test } from "node:test";
import { open, page, sql } from "./demo_site.mjs";
import { docsUrl } from "./world.mjs";

let agent, client;

/** Runs use where the agent was seen on 2 and 6 June 2025 and on no other day before September 2026. */
async function withTwoDays(use) {
  [{ agent, client }] = await sql`
    SELECT a.agent_id AS agent, a.client_group_id AS client FROM timesheet.agents AS a
    WHERE a.client_group_id IS NOT NULL AND a.status = 'Joined' ORDER BY a.agent_id LIMIT 1`;
  try {
    await add("2025-06-02", [
      ["2025-06-02 01:00Z", "In"],
      ["2025-06-02 10:02Z", "Out"],
    ]);
    await add("2025-06-06", [
      ["2025-06-06 01:00Z", "In"],
      ["2025-06-06 10:00Z", "Out"],
    ]);
    await use();
  } finally {
    await sql`DELETE FROM timesheet.time_entries WHERE workday < '2026-01-01'`;
    await sql`SELECT timesheet.refresh()`;
  }
}

async function add(day, list) {
  for (const [at, type, deletedAt] of list)
    await sql`
      INSERT INTO timesheet.time_entries (jibble_activity_id, agent_id, client_group_id, start_time_utc, raw_type,
        time_zone, workday, workday_end, deleted_at)
      VALUES (gen_random_uuid(), ${agent}, ${client}, ${at}, ${type}, 'Asia/Manila', ${day},
        (${day}::text::date + 1)::timestamp AT TIME ZONE 'Asia/Manila', ${deletedAt ?? null})`;
}

async function why(day) {
  await open(`/agents/${agent}/${day}`);
  const found = page.locator("[data-absence]");
  return (await found.count()) === 0 ? null : (await found.textContent()).replaceAll(/\s+/g, " ").trim();
}

test("without entries: when the agent was last seen, and next, in the agent's zone", () =>
  withTwoDays(async () => {
    assert.equal(
      await why("2025-06-04"),
      "No entries that day, last seen Mon 2 Jun 18:02 (Asia/Manila), next Fri 6 Jun 09:00 (Asia/Manila).",
    );
    assert.equal(
      await why("2025-05-30"),
      "No entries that day, never seen before, next Mon 2 Jun 09:00 (Asia/Manila).",
    );
    // Another year is named.
    assert.match(
      await why("2026-01-05"),
      /^No entries that day, last seen Fri 6 Jun 2025 18:00 \(Asia\/Manila\), next /,
    );
    assert.equal(await why("2025-06-02"), null);
  }));

test("a day that is not over, or has not begun, is no day without entries", () =>
  withTwoDays(async () => {
    assert.match(await why("2026-12-24"), /^This day has not begun, last seen \w{3} \d+ Nov \d\d:\d\d \([^)]+\)\.$/);
  }));

test("entries that count for nothing: deleted ones, breaks alone, a clock-out alone", () =>
  withTwoDays(async () => {
    for (const [list, text, rule] of [
      [
        [
          ["2025-06-04 01:00Z", "In", "2025-06-05 00:00Z"],
          ["2025-06-04 02:00Z", "Out", "2025-06-05 00:00Z"],
        ],
        "No hours that day: none of its entries begins work. Each says why below.",
        "r1-kind",
      ],
      [
        [["2025-06-04 02:00Z", "Out"]],
        "No hours that day: none of its entries begins work. Each says why below.",
        "r1-kind",
      ],
      [
        [
          ["2025-06-04 01:00Z", "StartBreak"],
          ["2025-06-04 01:30Z", "Out"],
        ],
        "No hours that day: there were only breaks, or work of no length. What happened is below.",
        "r10-hours",
      ],
    ])
      try {
        await add("2025-06-04", list);
        assert.ok((await why("2025-06-04")).startsWith(text), text);
        assert.equal(await page.locator("[data-absence] a").getAttribute("href"), `${docsUrl}/rules.md#${rule}`);
        assert.equal(
          await page.locator('section[aria-labelledby="part-event"] tbody tr').count(),
          list.length,
          "each entry is listed",
        );
      } finally {
        await sql`DELETE FROM timesheet.time_entries WHERE workday = '2025-06-04'`;
      }
  }));

test("an agent's page without entries says so, and each day on it leads to its own page", () =>
  withTwoDays(async () => {
    await open(`/agents/${agent}?from=2025-06-03&to=2025-06-05`);
    assert.equal(
      (await page.locator("section:has(#days-title) .empty").textContent()).replace(/^.* has no/, "No"),
      "No entries in 3 – 5 Jun 2025, last seen Mon 2 Jun 18:02 (Asia/Manila), next Fri 6 Jun 09:00 (Asia/Manila).",
    );
    await open(`/agents/${agent}?from=2025-06-02&to=2025-06-04`);
    assert.deepEqual(
      await page.locator(".timeline .day a").evaluateAll((all) => all.map((each) => new URL(each.href).pathname)),
      ["2025-06-02", "2025-06-03", "2025-06-04"].map((day) => `/agents/${agent}/${day}`),
    );
  }));
