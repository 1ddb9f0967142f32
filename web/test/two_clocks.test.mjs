// An agent's day by the agent's clock and the client's, in sentences. All expected times are worked out by hand.
import assert from "node:assert/strict";
import { test } from "node:test";
import { open, page, sql } from "./demo_site.mjs";
import { docsUrl } from "./world.mjs";

let agent, activity;

/** Runs use with entries of one workday, as [instant, type, has the activity], in a zone, for a client in another. */
async function withEntries(day, zone, clientZone, list, use) {
  const [found] = await sql`
    SELECT a.agent_id AS agent, g.client_group_id AS client, g.time_zone AS kept
    FROM timesheet.agents AS a JOIN timesheet.client_groups AS g USING (client_group_id) ORDER BY a.agent_id LIMIT 1`;
  const { client, kept } = found;
  agent = found.agent;
  [activity] = await sql`SELECT key AS id, label FROM timesheet.activity_labels WHERE key > 0 ORDER BY key LIMIT 1`;
  try {
    await sql`UPDATE timesheet.client_groups SET time_zone = ${clientZone} WHERE client_group_id = ${client}`;
    for (const [at, type, isLabelled] of list)
      await sql`
        INSERT INTO timesheet.time_entries (jibble_activity_id, agent_id, client_group_id, activity_id, start_time_utc,
          raw_type, time_zone, workday, workday_end)
        SELECT gen_random_uuid(), ${agent}, ${client}, ${isLabelled ? activity.id : null}, ${at}::text::timestamptz,
          ${type}, ${zone}, ${day}::text::date, (${day}::text::date + 1)::timestamp AT TIME ZONE ${zone}`;
    return await use();
  } finally {
    await sql`DELETE FROM timesheet.time_entries WHERE workday = ${day}`;
    await sql`UPDATE timesheet.client_groups SET time_zone = ${kept} WHERE client_group_id = ${client}`;
    await sql`SELECT timesheet.refresh()`;
  }
}

/** The rows of "What happened": both clocks, the length and the sentence. */
async function rowsOf(day, part = "session") {
  await open(`/agents/${agent}/${day}`);
  return page
    .locator(`section[aria-labelledby="part-${part}"] tbody tr`)
    .evaluateAll((rows) =>
      rows.map((row) =>
        [...row.cells].map((cell) =>
          [...(cell.querySelector(".times, .sentence") ? cell.children : [cell])]
            .map((each) => each.textContent.trim())
            .join(" | "),
        ),
      ),
    );
}

const heads = () =>
  page
    .locator('section[aria-labelledby="part-session"] thead th')
    .evaluateAll((all) => all.map((head) => head.innerText.replaceAll(/\s+/g, " ").trim()));

test("both clocks, side by side, with their zones named, and a sentence with its rule for each session", async () => {
  await withEntries(
    "2025-03-18",
    "Asia/Manila",
    "America/New_York",
    [
      ["2025-03-18 01:00Z", "In", true],
      ["2025-03-18 05:00Z", "StartBreak", false],
      ["2025-03-18 06:00Z", "In", false],
      ["2025-03-18 10:30:20Z", "Out", false],
    ],
    async () => {
      assert.deepEqual(await rowsOf("2025-03-18"), [
        [
          "09:00 – 13:00",
          "Mon 21:00 – Tue 01:00",
          "4:00:00",
          `worked on ${activity.label} until a break began (rule R5).`,
        ],
        ["13:00 – 14:00", "01:00 – 02:00", "1:00:00", "took a break until the next activity began (rule R5)."],
        ["14:00 – 18:30", "02:00 – 06:30", "4:30:20", "worked without an activity until the clock-out (rule R5)."],
      ]);
      assert.deepEqual(await heads(), [
        "Agent's time Asia/Manila",
        "Client's time America/New_York",
        "Length",
        "What the agent did",
      ]);
      const links = page.locator('section[aria-labelledby="part-session"] table a');
      assert.deepEqual(
        await links.evaluateAll((all) => all.map((each) => each.href)),
        Array(3).fill(`${docsUrl}/rules.md#r5-end`),
      );
      const listed = await rowsOf("2025-03-18", "event");
      assert.deepEqual(
        listed.map(([agents, clients]) => [agents, clients]),
        [
          ["09:00", "Mon 21:00"],
          ["13:00", "01:00"],
          ["14:00", "02:00"],
          ["18:30", "06:30"],
        ],
      );
      // Codes, ids and UTC are in the document, but folded away.
      const raw = page.locator("details.raw:has(#utc)");
      assert.equal(await raw.evaluate((fold) => fold.open), false);
      assert.equal(await page.locator("#utc").isVisible(), false);
      assert.match(await raw.textContent(), /18 Mar 2025, 10:30:20 UTC/);
      const outside = await page.locator("main").evaluate((main) => {
        const copy = main.cloneNode(true);
        for (const fold of copy.querySelectorAll("details, svg, .timeline")) fold.remove();
        return copy.textContent;
      });
      assert.doesNotMatch(outside, /\bUTC\b|\d{4}-\d\d-\d\d|[a-z]_[a-z]|\bStartBreak\b|[0-9a-f]{8}-[0-9a-f]{4}/);
    },
  );
});

test("a night in which the agent's clock is put forward and the client's is not: the length is real", async () => {
  await withEntries(
    "2025-03-29",
    "Europe/London",
    "Asia/Manila",
    [
      ["2025-03-29 23:30Z", "In", true],
      ["2025-03-30 02:30Z", "Out", false],
    ],
    async () => {
      assert.deepEqual(
        (await rowsOf("2025-03-29")).map((row) => row.slice(0, 3)),
        [["23:30 – Sun 03:30 | The clock went forward by 1:00.", "Sun 07:30 – 10:30", "3:00:00"]],
      );
    },
  );
});

test("an hour that the client's clock repeats", async () => {
  await withEntries(
    "2025-10-26",
    "Asia/Manila",
    "Europe/London",
    [
      ["2025-10-26 00:30Z", "In", true],
      ["2025-10-26 01:30Z", "Out", false],
    ],
    async () => {
      assert.deepEqual(
        (await rowsOf("2025-10-26")).map((row) => row.slice(0, 3)),
        [["08:30 – 09:30", "01:30 – 01:30 | The clock went back by 1:00.", "1:00:00"]],
      );
    },
  );
});

test("midnight: a day that begins at 00:00 and ends at 00:00 of the next, in one zone for both", async () => {
  await withEntries(
    "2025-03-19",
    "Asia/Manila",
    "Asia/Manila",
    [
      ["2025-03-18 16:00Z", "In", true],
      ["2025-03-19 03:00Z", "Out", false],
      ["2025-03-19 13:00Z", "In", true],
      ["2025-03-19 16:00Z", "Out", false],
    ],
    async () => {
      assert.deepEqual(
        (await rowsOf("2025-03-19")).map((row) => row.slice(0, 2)),
        [
          ["00:00 – 11:00", "11:00:00"],
          ["21:00 – Thu 00:00", "3:00:00"],
        ],
      );
      assert.equal((await heads())[0], "Agent's and client's time Asia/Manila");
    },
  );
});

test("each way in which a session ends has its sentence and its rules", async () => {
  const sentenceOf = (list) =>
    withEntries("2025-03-20", "UTC", "UTC", list, async () => (await rowsOf("2025-03-20")).map((row) => row.at(-1)));
  assert.deepEqual(
    await sentenceOf([
      ["2025-03-20 09:00Z", "In", true],
      ["2025-03-20 10:00Z", "In", true],
    ]),
    [
      `worked on ${activity.label} until the next activity began (rule R5).`,
      `worked on ${activity.label} without a clock-out: it counts until the end of its workday, the next entry ` +
        "or the longest session allowed, whichever comes first (rule R6); its hours are unconfirmed (rule R10).",
    ],
  );
  assert.deepEqual(await sentenceOf([["2025-03-20 09:00Z", "StartBreak", false]]), [
    "took a break that no entry ended, so it counts as nothing (rule R6).",
  ]);
  assert.deepEqual(
    await sentenceOf([
      ["2025-03-20 09:00Z", "StartBreak", false],
      ["2025-03-20 09:30Z", "StartBreak", false],
      ["2025-03-20 09:45Z", "Out", false],
    ]),
    ["took a break until the next break began (rule R5).", "took a break until the clock-out (rule R5)."],
  );
});
