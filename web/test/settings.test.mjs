// The settings' form: what a change does in numbers, and what is not accepted, in the words of the form.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { inLabels, valueWords, violationWords } from "../src/actions/constraint_words.ts";
import { contextOf, startStaff } from "./staff_site.mjs";

let site, browser, sql, page;

before(async () => {
  [site, browser, sql] = await startStaff();
  page = await (await contextOf(browser, site, "ana@agency.example", { javaScriptEnabled: false })).newPage();
  // As they are by default, whatever the tests before have set.
  await sql`
    UPDATE timesheet.settings SET day_cutoff = DEFAULT, max_session = DEFAULT, overnight_switch = DEFAULT,
      long_session = DEFAULT, missing_clock_out = DEFAULT, activity_after_break = DEFAULT, digest_time = DEFAULT,
      digest_grace = DEFAULT, stale_after = DEFAULT, keep_payloads = DEFAULT, briefing_time = DEFAULT,
      alert_pause = DEFAULT, pass_silence = DEFAULT`;
});
after(async () => {
  await browser?.close();
  await site?.stop();
  await sql?.end();
});

test("a change of settings says how much is counted again, or that no hours change", async () => {
  const [{ agents, entries, weeks, zones }] = await sql`
    SELECT (SELECT count(*)::int FROM timesheet.agents) AS agents,
      (SELECT count(*)::int FROM timesheet.time_entries WHERE deleted_at IS NULL) AS entries,
      count(*) FILTER (WHERE week_starts_on IS NULL)::int AS weeks,
      count(*) FILTER (WHERE time_zone IS NULL)::int AS zones FROM timesheet.client_groups`;
  const again = `Hours of ${agents} agents with ${entries.toLocaleString("en-GB")} time entries are counted again.`;
  const clients = (count) => `${count} client${count === 1 ? "" : "s"}`;
  for (const [query, ...sentences] of [
    ["day_cutoff=05:00", again],
    ["max_session=20:00", again],
    ["overnight_switch=5:00", again],
    ["missing_clock_out=zero", again],
    ["activity_after_break=carried_on", again],
    ["digest_time=09:00&max_session=20:00", again],
    ["default_time_zone=Asia/Manila", again, `Reports of ${clients(zones)} without a time zone of their own`],
    ["week_starts_on=3", "No hours change.", `Weeks of ${clients(weeks)} without a first day of their own begin`],
    ["digest_time=09:00", "No hours change."],
    ["stale_after=2:00&digest_grace=13:00", "No hours change."],
    ["briefing_time=07:30&alert_pause=0:30&pass_silence=0:20", "No hours change."],
  ]) {
    await page.goto(`${site.url}/actions/update_settings?${query}&step=confirm`);
    const question = await page.locator("[data-question]").textContent();
    for (const sentence of sentences) assert.ok(question.includes(sentence), `${query}: ${question}`);
    assert.equal(question.includes("No hours change."), sentences.includes("No hours change."), query);
  }
});

const upTo48 = "has to be hours and minutes of more than 0:00 and at most 48:00, such as 12:00.";
const longest = `“Longest session” ${upTo48}`;
const overnight = `“A session after midnight belongs to the day before for” ${upTo48}`;
const noted = `“Note sessions longer than” ${upTo48}`;
const upTo24 = "has to be hours and minutes of more than 0:00 and at most 24:00, such as";
const pause = `“Alerts of one kind are sent at most once in” ${upTo24} 1:00.`;
const silence = `“Without timesheetd, the database reports stale data after” ${upTo24} 0:10.`;
const payloads =
  "“Keep what Jibble sent whole for” has to be a number of whole days from 1 to 36500, such as 365, or empty.";

// Each constraint of timesheet.settings, and what is not of its type: by hand, in the words of the form.
const notAccepted = [
  [{ "A day ends at": "24:00" }, "“A day ends at” has to be a time from 00:00 to 23:59, such as 05:00."],
  [
    { "A day ends at": "25:99" },
    "“A day ends at” has to be a time from 00:00 to 23:59, such as 05:00. “25:99” is not.",
  ],
  [{ "A day ends at": "" }, "“A day ends at” cannot be empty."],
  [{ "Longest session": "49:00" }, longest],
  [
    // It is negative, and shorter than what is noted: the database names the first of both.
    { "Longest session": "-1:00" },
    "“Note sessions longer than” must not be longer than “Longest session”. Change one of the two.",
  ],
  [{ "Longest session": "1 day" }, longest],
  [{ "Longest session": "16" }, longest],
  [{ "Longest session": "" }, "“Longest session” cannot be empty."],
  [{ "A session after midnight belongs to the day before for": "0:00" }, overnight],
  [{ "A session after midnight belongs to the day before for": "1 day" }, overnight],
  [
    { "A session after midnight belongs to the day before for": "17:00" },
    "“A session after midnight belongs to the day before for” must not be longer than “Longest session”.",
  ],
  [{ "Note sessions longer than": "0:00" }, noted],
  [{ "Note sessions longer than": "1 month" }, noted],
  [
    { "Note sessions longer than": "17:00" },
    "“Note sessions longer than” must not be longer than “Longest session”. Change one of the two.",
  ],
  [
    { "The office's time zone": "Mars/Phobos" },
    "“The office's time zone” has to be the name of a time zone that the server knows, such as Asia/Manila.",
  ],
  [{ "Data are out of date after": "-1:00" }, "“Data are out of date after” has to be hours and minutes of more than"],
  [
    { "Digests wait after the end of a week for": "168:01" },
    "“Digests wait after the end of a week for” has to be hours and minutes from 0:00 to 168:00, which is 7 days.",
  ],
  [{ "Digests are sent at": "24:00" }, "“Digests are sent at” has to be a time from 00:00 to 23:59, such as 05:00."],
  [
    { "The morning briefing is sent at": "24:00" },
    "“The morning briefing is sent at” has to be a time from 00:00 to 23:59, such as 05:00.",
  ],
  [{ "The morning briefing is sent at": "" }, "“The morning briefing is sent at” cannot be empty."],
  [{ "Alerts of one kind are sent at most once in": "0:00" }, pause],
  [{ "Alerts of one kind are sent at most once in": "24:01" }, pause],
  [{ "Alerts of one kind are sent at most once in": "1 day" }, pause],
  [{ "Alerts of one kind are sent at most once in": "1" }, pause],
  [{ "Without timesheetd, the database reports stale data after": "-0:10" }, silence],
  [{ "Without timesheetd, the database reports stale data after": "25:00" }, silence],
  [{ "Keep what Jibble sent whole for": "0" }, payloads],
  [{ "Keep what Jibble sent whole for": "36501" }, payloads],
  [{ "Keep what Jibble sent whole for": "-3 days" }, payloads],
  [{ "Keep what Jibble sent whole for": "36 hours" }, payloads],
  [{ "Keep what Jibble sent whole for": "<b>" }, payloads],
];

test("a setting that is not accepted is said in the words of the form", { timeout: 300_000 }, async () => {
  const settings = async () => (await sql`SELECT s::text AS text FROM timesheet.settings AS s`)[0].text;
  const before = await settings();
  for (const [values, sentence] of notAccepted) {
    await page.goto(`${site.url}/actions/update_settings`);
    for (const [label, value] of Object.entries(values)) await page.getByLabel(label, { exact: true }).fill(value);
    await page.getByRole("button", { name: "Continue" }).click();
    const button = page.getByRole("button", { name: "Change settings" });
    await button.or(page.locator(".message")).first().waitFor();
    if (await button.isVisible()) await button.click();
    const message = page.locator(".message");
    await message.waitFor();
    const said = await message.textContent();
    assert.ok(said.startsWith(sentence), `${JSON.stringify(values)}: ${said}`);
    assert.doesNotMatch(said, /constraint|relation|syntax|null|[a-z]_[a-z]/, said);
    assert.equal(await settings(), before, JSON.stringify(values));
  }
  // What a form's list does not have, by its address.
  for (const [query, sentence] of [
    ["missing_clock_out=never", "“Without a clock-out, a session” has to be one of: lasts to the end of the day, has"],
    ["activity_after_break=x", "“Work after a break counts for” has to be one of: the activity that Jibble sent, the"],
    ["week_starts_on=8", "“Week begins on” has to be one of: Monday, Tuesday,"],
    ["engine=rust", "“Engine” has to be one of: automatic, native, SQL."],
  ]) {
    await page.goto(`${site.url}/actions/update_settings?${query}&step=confirm`);
    assert.ok((await page.locator(".message").textContent()).startsWith(sentence), query);
  }
});

test("a constraint without words of its own is a plain sentence", () => {
  for (const [code, name, sentence] of [
    ["23514", { constraint_name: "until_must_not_be_before_since" }, "Until must not be before since."],
    ["23514", { constraint_name: "x_must_not_exceed_y" }, "X must not exceed y."],
    ["23514", { constraint_name: "keep_payloads_must_be_whole_days_from_1_to_36500" }, payloads],
    ["23502", { column_name: "digest_time" }, "“Digests are sent at” cannot be empty. Enter a value."],
    ["23502", { column_name: "some_column" }, "“some column” cannot be empty. Enter a value."],
    [
      "23503",
      { constraint_name: "corrections_agent_id_fkey" },
      "The database does not accept one of the values, as it does not go together with what is there.",
    ],
    ["22001", {}, null],
  ])
    assert.equal(violationWords(code, name), sentence);
  for (const [code, message, sentence] of [
    ["22001", "value too long for type character varying(3)", "One of the values is too long."],
    [
      "22P02",
      'invalid input syntax for type integer: "x"',
      "One of the values is not of the kind that the form asks for.",
    ],
    ["22023", "week_starts_on must be from 1 to 7, not 8", "“Week begins on” must be from 1 to 7, not 8."],
  ])
    assert.equal(valueWords(code, message), sentence);
  assert.equal(
    inLabels("the setting digest_time is 09:00:00, not 08:00:00 as you saw it"),
    "“Digests are sent at” is 09:00:00, not 08:00:00 as you saw it",
  );
});
