// An agent's day: what explain() says, in words, with links to the rules.
import assert from "node:assert/strict";
import { test } from "node:test";
import { open, page, site, sql } from "./demo_site.mjs";
import { csv, docsUrl } from "./world.mjs";

const days = "from=2026-11-16&to=2026-11-22";

// What explain() never shows to a person: codes, and dates or times as the database writes them.
const endReasons = /\b(next_activity|clock_out|auto_clock_out|missing_clock_out|break_left_open|max_session)\b/;
const codes = new RegExp(endReasons.source + /|\bStartBreak\b|^(In|Out)\b|\d UTC|\d{4}-\d\d-\d\d/.source);

test("day: the day's page has each row of explain(), word for word", async () => {
  const [{ agent }] = await sql`
    SELECT s.agent_id AS agent FROM timesheet.sessions('2026-11-17', '2026-11-18') AS s GROUP BY 1
    ORDER BY count(*) DESC, 1 LIMIT 1`;
  const expected = await sql`SELECT x.part, x.what, x.because FROM timesheet.explain('2026-11-17', ${agent}) AS x`;
  await open(`/agents/${agent}/2026-11-17`);
  for (const [part, what, because] of [
    ["hours", "li > strong", "li > .detail"],
    ["event", ".said strong", ".said .sentence"],
    ["session", null, ".said .sentence"],
    ["run", "li > strong", "li > .detail"],
  ]) {
    const rows = expected.filter((row) => row.part === part);
    const list = page.locator(`section[aria-labelledby="part-${part}"]`);
    assert.ok(rows.length > 0, part);
    // A session's sentence names the activity, and whether it is a break.
    if (what !== null)
      assert.deepEqual(
        await list.locator(what).allTextContents(),
        rows.map((row) => row.what),
        part,
      );
    const details = await list.locator(because).allTextContents();
    assert.equal(details.length, rows.length, part);
    const end = because.endsWith("sentence") ? "." : "";
    rows.forEach((row, n) => assert.ok(details[n].endsWith(row.because + end), `${details[n]}: ${row.because}`));
  }
  assert.equal(await page.locator(".versions pre").count(), expected.filter((row) => row.part === "version").length);
});

test("day: the files have each session and entry with its times by both clocks; an entry's have its own", async () => {
  const [{ agent, entry }] = await sql`
    SELECT s.agent_id AS agent, min(s.jibble_activity_id::text) AS entry
    FROM timesheet.sessions('2026-11-17', '2026-11-18') AS s GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1`;
  const expected = await sql`
    SELECT x.part, x.what, x.because, x.seconds, x.jibble_activity_id::text AS id, a.time_zone AS zone,
      g.time_zone AS client_zone, to_char(x.at AT TIME ZONE a.time_zone, 'YYYY-MM-DD HH24:MI:SS') AS at,
      to_char(x.until AT TIME ZONE a.time_zone, 'YYYY-MM-DD HH24:MI:SS') AS until,
      to_char(x.at AT TIME ZONE g.time_zone, 'YYYY-MM-DD HH24:MI:SS') AS at_client
    FROM timesheet.explain('2026-11-17', ${agent}) AS x
    JOIN timesheet.agents AS a ON a.agent_id = ${agent}
    JOIN timesheet.client_group_names AS g ON g.key = a.client_group_id`;
  for (const [path, table, own] of [
    [`/agents/${agent}/2026-11-17`, "session", () => true],
    [`/agents/${agent}/2026-11-17`, "event", () => true],
    [`/entries/${entry}`, "session", (row) => row.id === entry],
    [`/entries/${entry}`, "event", (row) => row.id === entry],
  ]) {
    await open(path);
    const link = page.locator(`section[aria-labelledby="part-${table}"] a[download]`).first();
    const rows = await csv(site.url + (await link.getAttribute("href")));
    const wanted = expected.filter((row) => row.part === table && own(row));
    assert.ok(wanted.length > 0, `${path} ${table}`);
    assert.deepEqual(
      rows.map((row) => [
        row.What,
        row.Why,
        row.Seconds,
        row["From (agent's time)"],
        row["Until (agent's time)"],
        row["Agent's time zone"],
        row["From (client's time)"],
        row["Client's time zone"],
        row["Jibble id"],
      ]),
      wanted.map((row) => [
        row.what,
        row.because,
        row.seconds === null ? "" : String(row.seconds),
        row.at,
        row.until ?? "",
        row.zone,
        row.at_client,
        row.client_zone,
        row.id,
      ]),
      `${path} ${table}`,
    );
  }
  for (const path of ["/agents/999999999/2026-11-17/csv", `/agents/${agent}/2026-02-31/xlsx`])
    assert.equal((await fetch(site.url + path)).status, 404, path);
});

test("day: each rule that explain() cites is a link behind its words, and no code or UTC is left", async () => {
  const sessions = await sql`
    SELECT DISTINCT ON (s.end_reason) s.agent_id AS agent, s.workday::text AS day, s.end_reason AS reason
    FROM timesheet.sessions('2026-09-01', '2026-11-24') AS s ORDER BY 3, 2`;
  assert.ok(sessions.length >= 4, sessions.map((row) => row.reason).join(" "));
  for (const { agent, day } of sessions) {
    await open(`/agents/${agent}/${day}`);
    const becauses = await sql`
      SELECT x.because FROM timesheet.explain(${day}, ${agent}) AS x WHERE x.part IN ('hours', 'session', 'event')`;
    const cited = becauses.flatMap((row) => row.because.match(/\bR\d+\b/g) ?? []);
    assert.ok(cited.includes("R3") && cited.includes("R10"), cited.join(" "));
    const reasons = page.locator('section:is([aria-labelledby="part-hours"], :has(> .two-clocks))');
    const links = await reasons
      .locator(`a[href^="${docsUrl}/rules.md#r"]`)
      .evaluateAll((all) => all.map((each) => [each.textContent, new URL(each.href).hash, each.title]));
    assert.deepEqual(
      links.map(([text]) => text),
      cited,
    );
    for (const [text, hash, title] of links) {
      assert.ok(hash.startsWith(`#${text.toLowerCase()}-`), `${text} leads to ${hash}`);
      assert.match(title, /^[a-z]/);
    }
    for (const text of await reasons.locator("strong, li .detail, .sentence").allTextContents()) {
      assert.doesNotMatch(text, codes);
      assert.equal((text.match(/\bR\d+\b/g) ?? []).length, (text.match(/\w \(rule R\d+\)/g) ?? []).length, text);
    }
  }
});

test("unconfirmed: the tiles and the timeline name its three reasons, in the words of the e-mail", async () => {
  // By hand, from R10; test_digest_content.py has the same of the e-mail.
  const reasons = "still running, no clock-out, or clocked out automatically";
  const [{ agent, client }] = await sql`
    SELECT s.agent_id AS agent, s.client_group_id AS client FROM timesheet.sessions('2026-11-17', '2026-11-18') AS s
    WHERE s.client_group_id IS NOT NULL ORDER BY 1 LIMIT 1`;
  for (const path of ["/", `/agents/${agent}`, `/clients/${client}`]) {
    await open(`${path}?${days}`);
    const tile = page.locator(".tile", { has: page.locator('[data-figure="unconfirmed"]') });
    assert.ok((await tile.textContent()).includes(`${reasons} ·`), path);
  }
  for (const path of [`/agents/${agent}?${days}`, `/agents/${agent}/2026-11-17`]) {
    await open(path);
    assert.equal(
      await page.locator(".legend li", { hasText: "unconfirmed" }).textContent(),
      ` unconfirmed: ${reasons}`,
      path,
    );
  }
});

test("day: times are the agent's and the client's, with the zones named; what is folded away is in UTC", async () => {
  const [{ agent, zone, clientZone, start, clientStart, utc }] = await sql`
    SELECT s.agent_id AS agent, a.time_zone AS zone, g.time_zone AS "clientZone",
      to_char(s.started_at AT TIME ZONE a.time_zone, 'HH24:MI') AS start,
      to_char(s.started_at AT TIME ZONE g.time_zone, 'HH24:MI') AS "clientStart",
      to_char(s.started_at AT TIME ZONE 'UTC', 'FMDD Mon YYYY, HH24:MI:SS') AS utc
    FROM timesheet.sessions('2026-11-17', '2026-11-18') AS s JOIN timesheet.agents AS a USING (agent_id)
    JOIN timesheet.client_groups AS g ON g.client_group_id = s.client_group_id
    WHERE a.time_zone <> 'UTC' AND g.time_zone <> a.time_zone ORDER BY s.started_at LIMIT 1`;
  await open(`/agents/${agent}/2026-11-17`);
  for (const [id, heads] of [
    ["part-session", [`Agent's time${zone}`, `Client's time${clientZone}`]],
    ["part-event", [`Agent's time${zone}`, `Client's time${clientZone}`]],
  ]) {
    const table = page.locator(`section[aria-labelledby="${id}"] table`);
    assert.deepEqual((await table.locator("th").allTextContents()).slice(0, 2), heads, id);
    for (const [clock, time] of [
      ["agent", start],
      ["client", clientStart],
    ])
      assert.match(
        await table.locator(`[data-clock=${clock}] .times`).first().textContent(),
        new RegExp(`^(\\w{3} )?${time}( – |$)`),
        `${id}, ${clock}`,
      );
  }
  const fold = page.locator("details.raw", { has: page.locator("#versions") });
  assert.equal(await fold.evaluate((each) => each.open), false);
  assert.ok((await fold.locator('section[aria-labelledby="utc"]').textContent()).includes(`${utc} UTC`));
  for (const id of ["part-run", "versions"])
    assert.match(await fold.locator(`section[aria-labelledby="${id}"]`).textContent(), /Times are in UTC\./, id);
});

test("day: a payload that was reduced says so and when, and none is said to be as Jibble sent it", async () => {
  const [{ agent }] = await sql`
    SELECT s.agent_id AS agent FROM timesheet.sessions('2026-11-17', '2026-11-18') AS s GROUP BY 1
    ORDER BY count(*) DESC, 1 LIMIT 1`;
  const ids = (
    await sql`
      SELECT DISTINCT x.raw_event_id AS id FROM timesheet.explain('2026-11-17', ${agent}) AS x
      WHERE x.part = 'version' AND x.payload IS NOT NULL ORDER BY 1`
  ).map((row) => row.id);
  assert.ok(ids.length > 1);
  const versions = page.locator('section[aria-labelledby="versions"]');
  const shown = async () => {
    await open(`/agents/${agent}/2026-11-17`);
    return [
      await versions.locator("> .hint").textContent(),
      (await versions.locator("summary").allTextContents()).filter((text) =>
        text.endsWith("reduced on Mon 23 Nov 2026"),
      ).length,
    ];
  };
  const what = "to what hours are made of, after the time for which payloads are kept or as the person was erased.";
  const rest = "Changes are marked. Times are in UTC.";
  try {
    assert.deepEqual(await shown(), [`Byte for byte as Jibble sent them. ${rest}`, 0]);
    await sql`UPDATE timesheet.raw_events SET reduced_at = '2026-11-23 10:00Z' WHERE raw_event_id = ${ids[0]}`;
    assert.deepEqual(await shown(), [
      `Byte for byte as Jibble sent them, but for those that were reduced ${what} ${rest}`,
      1,
    ]);
    await sql`
      UPDATE timesheet.raw_events SET reduced_at = '2026-11-23 10:00Z' WHERE raw_event_id = ANY (${ids}::bigint[])`;
    assert.deepEqual(await shown(), [`Reduced ${what} ${rest}`, ids.length]);
  } finally {
    await sql`UPDATE timesheet.raw_events SET reduced_at = NULL WHERE raw_event_id = ANY (${ids}::bigint[])`;
  }
});

test("every page links to how hours are counted, and a note to its rule", async () => {
  await open(`/?${days}`);
  assert.equal(
    await page.getByRole("link", { name: "How hours are counted" }).getAttribute("href"),
    `${docsUrl}/rules.md`,
  );
  const tile = page.locator(".tile", { has: page.locator('[data-figure="unconfirmed"]') });
  assert.equal(await tile.getByRole("link").getAttribute("href"), `${docsUrl}/rules.md#r10-hours`);
  const notes = page.locator(".notes li:has(.tag)");
  assert.ok((await notes.count()) > 0);
  assert.equal(await notes.locator(`a[href^="${docsUrl}/rules.md#r"]`).count(), await notes.count());
});
