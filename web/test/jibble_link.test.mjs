// The link to a person's day in Jibble's own web app, by a template that is checked at the start.
import assert from "node:assert/strict";
import { test } from "node:test";
import { readConfiguration } from "../src/config/configuration.ts";
import { jibbleLink } from "../src/config/jibble_link.ts";
import { owner, startSite } from "./world.mjs";

const person = "0f3a9c52-77d1-4e08-b2f6-5d1c8a904e3b";
const template = "https://web.jibble.io/timesheets/{person}?date={date}#day-{date}";

const configured = (JIBBLE_LINK) =>
  readConfiguration({ DATABASE_URL: "x", TIMESHEET_WEB_DEMO: "1", JIBBLE_LINK }, ["--hostname", "127.0.0.1"])
    .jibbleLink;

test("a template is filled with the person's id and the date, and nothing in them can leave its place", () => {
  assert.equal(
    jibbleLink(template, person, "2026-11-17"),
    `https://web.jibble.io/timesheets/${person}?date=2026-11-17#day-2026-11-17`,
  );
  assert.equal(
    jibbleLink(template, "../../x?y=1&z#{date}", "$&"),
    "https://web.jibble.io/timesheets/..%2F..%2Fx%3Fy%3D1%26z%23%7Bdate%7D?date=%24%26#day-%24%26",
  );
});

test("a template is optional, and one that is no address of a person's day is refused, with the reason", () => {
  for (const none of [undefined, "", "  "]) assert.equal(configured(none), null);
  assert.equal(configured(` ${template} `), template);
  assert.equal(configured("http://127.0.0.1:3000/{person}/{date}"), "http://127.0.0.1:3000/{person}/{date}");
  for (const [wrong, why] of [
    ["https://web.jibble.io/timesheets", "has no {person}"],
    ["https://web.jibble.io/{date}", "has no {person}"],
    ["https://web.jibble.io/{person}", "has no {date}"],
    ["https://web.jibble.io/{person}/{date}/{organisation}", "has {organisation}; there are {person} and {date}"],
    ["https://web.jibble.io/{Person}/{date}", "has {Person}; there are {person} and {date}"],
    ["https://web.jibble.io/{person}/{date}/{", "has a brace that belongs to no placeholder"],
    ["https://web.jibble.io/{person}/{{date}}", "has a brace that belongs to no placeholder"],
    ["javascript:alert(1)//{person}{date}", "does not begin with https://"],
    ["data:text/html,{person}{date}", "does not begin with https://"],
    ["http://web.jibble.io/{person}/{date}", "does not begin with https://"],
    ["//web.jibble.io/{person}/{date}", "is no URL"],
    ["/timesheets/{person}/{date}", "is no URL"],
    ["https://{person}.evil.example/{date}", "has a placeholder in the name of the host"],
    ["https://web.jibble.io:{date}/{person}", "is no URL"],
    ["https://{person}@evil.example/{date}", "has a user name"],
    ["https://web.jibble.io@evil.example/{person}/{date}", "has a user name"],
    ['https://web.jibble.io/{person}"onclick="x"/{date}', "has a character that no address has"],
    ["https://web.jibble.io/{person}/<script>{date}", "has a character that no address has"],
    ["https://web.jibble.io\\@evil.example/{person}/{date}", "has a character that no address has"],
    ["https://web.jibble.io/{person}/\n{date}", "has a character that no address has"],
    ["https://web.jibble.io/{person} {date}", "has a character that no address has"],
    ["https://web.jibble.io\u200b/{person}/{date}", "has a character that no address has"],
  ])
    assert.throws(
      () => configured(wrong),
      (error) => error.message.includes(`JIBBLE_LINK is "${wrong}", which ${why}: give one such as https://`),
      wrong,
    );
});

test("an agent's day links to that person's day if there is a template; a wrong one is no start", async () => {
  const sql = owner();
  const [{ agent, jibble }] = await sql`
    SELECT a.agent_id AS agent, a.jibble_id::text AS jibble FROM timesheet.agents AS a ORDER BY a.agent_id LIMIT 1`;
  await sql.end();
  const pageOf = async (environment) => {
    const site = await startSite({ TIMESHEET_WEB_DEMO: "1", ...environment });
    const text = await (await fetch(`${site.url}/agents/${agent}/2026-11-17`)).text();
    await site.stop();
    return text;
  };
  const linked = await pageOf({ JIBBLE_LINK: "https://web.jibble.io/t?a=1&p={person}&d={date}" });
  assert.ok(
    linked.includes(`<a href="https://web.jibble.io/t?a=1&amp;p=${jibble}&amp;d=2026-11-17" rel="noreferrer">`),
    linked.match(/<a [^>]*jibble[^>]*>/)?.[0],
  );
  assert.doesNotMatch(await pageOf({}), /jibble\.io/);
  const refused = await startSite({ TIMESHEET_WEB_DEMO: "1", JIBBLE_LINK: "javascript:{person}{date}" });
  assert.equal(await refused.ended, 1);
  assert.match(refused.log(), /JIBBLE_LINK is "javascript:\{person\}\{date\}", which does not begin with https:\/\//);
});
