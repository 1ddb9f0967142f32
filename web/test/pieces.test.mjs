// Functions that need no server.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { readConfiguration } from "../src/config/configuration.ts";
import { clockShift, clockSpan, seenText } from "../src/range/clock.ts";
import { hundredth, minute, unitOf } from "../src/range/hours_unit.ts";
import { addDays, daysBetween, isDay, spanText, weekStart } from "../src/range/days.ts";
import { returnPath } from "../src/auth/return_path.ts";
import { verifiedAddress } from "../src/auth/verified_address.ts";
import { isAllowed } from "../src/auth/allow_list.ts";
import { indented } from "../src/components/raw_text.ts";
import { ageText, changeText, hoursOf, hoursText, inHours, lengthText } from "../src/table/figures.ts";
import { csvRows } from "../src/table/csv.ts";
import { isRule, placeOfAlert, ruleOfNote, rules } from "../src/components/rules.ts";

test("weeks begin where they should, across years and leap days", () => {
  assert.equal(weekStart("2026-11-22", 1), "2026-11-16");
  assert.equal(weekStart("2026-11-22", 7), "2026-11-22");
  assert.equal(weekStart("2027-01-01", 1), "2026-12-28");
  for (let startsOn = 1; startsOn <= 7; startsOn += 1)
    for (let n = 0; n < 14; n += 1) {
      const day = addDays("2028-02-20", n);
      const start = weekStart(day, startsOn);
      assert.ok(start <= day && daysBetween(start, day) < 7);
      assert.equal(new Date(`${start}T00:00Z`).getUTCDay() || 7, startsOn);
    }
  assert.equal(addDays("2028-02-28", 1), "2028-02-29");
});

test("a day must exist in the calendar", () => {
  assert.deepEqual(["2026-02-28", "2026-02-29", "2026-1-1", "", undefined, "2026-11-16T00:00"].map(isDay), [
    true,
    false,
    false,
    false,
    false,
    false,
  ]);
  assert.equal(spanText("2026-11-16", "2026-11-22"), "16 – 22 Nov 2026");
  assert.equal(spanText("2026-12-28", "2027-01-03"), "28 Dec 2026 – 3 Jan 2027");
});

test("figures", () => {
  assert.deepEqual(
    [
      hoursText(148476, hundredth),
      hoursText(0, hundredth),
      changeText(-104793, hundredth),
      changeText(5, hundredth),
      lengthText(38390),
      ageText(59),
      ageText(7201),
    ],
    ["1,484.76", "0.00", "−1,047.93", "+0.05", "10:39:50", "59 s", "2 h"],
  );
});

test("figures in hours and minutes", () => {
  assert.deepEqual(
    [
      hoursText(89_086, minute),
      hoursText(0, minute),
      hoursText(59, minute),
      hoursText(60, minute),
      hoursText(-61, minute),
      changeText(-605, minute),
      changeText(5, minute),
      changeText(0, minute),
    ],
    ["1,484:46", "0:00", "0:59", "1:00", "-1:01", "−10:05", "+0:05", "±0:00"],
  );
  // 7 hours 30 minutes, as a chart has them.
  assert.deepEqual([hoursOf(750, hundredth), hoursOf(450, minute)], [7.5, 7.5]);
  assert.deepEqual([inHours(7.5, hundredth), inHours(7.5, minute)], ["7.50 hours", "7:30 hours"]);
  assert.deepEqual(
    ["decimal", "hmm", "", "HMM", "constructor", undefined].map((name) => unitOf(name)),
    [hundredth, minute, null, null, null, null],
  );
});

test("local times: a weekday where the date is another, and how far a clock was put", () => {
  const day = "2026-11-17"; // a Tuesday
  for (const [from, until, text] of [
    ["2026-11-17 09:03:25", "2026-11-17 17:30:00", "09:03 – 17:30"],
    ["2026-11-17 21:00:00", "2026-11-18 00:00:00", "21:00 – Wed 00:00"],
    ["2026-11-16 21:00:00", "2026-11-17 01:00:00", "Mon 21:00 – Tue 01:00"],
    ["2026-11-18 01:00:00", "2026-11-18 02:00:00", "Wed 01:00 – 02:00"],
    ["2026-11-18 22:00:00", "2026-11-19 02:00:00", "Wed 22:00 – Thu 02:00"],
    ["2026-11-16 21:00:00", null, "Mon 21:00"],
  ])
    assert.equal(clockSpan(from, until, day), text);
  // Across 25 October 2026, when London's clock is put back by an hour, and 29 March, when it is put forward.
  assert.equal(clockShift("2026-10-25 00:30:00", "2026-10-25 02:30:00", 3 * 3600), -60);
  assert.equal(clockShift("2026-03-29 00:30:00", "2026-03-29 02:30:00", 3600), 60);
  assert.equal(clockShift("2026-11-17 09:03:25", "2026-11-17 17:30:00", 30_394), 0); // a second less: it was cut
  assert.equal(seenText("2026-11-17 18:02", "2026-11-20"), "Tue 17 Nov 18:02");
  assert.equal(seenText("2025-11-17 18:02", "2026-01-20"), "Mon 17 Nov 2025 18:02");
});

test("the allow list: whole domains and whole addresses, in any case", () => {
  const list = { domains: ["agency.example"], addresses: ["guest@elsewhere.example"] };
  for (const address of [
    "a@agency.example",
    "A@AGENCY.EXAMPLE",
    "guest@elsewhere.example",
    "a+tag@agency.example",
    "o'neil@agency.example",
  ])
    assert.ok(isAllowed(address, list), address);
  for (const address of [
    "@agency.example",
    "agency.example",
    "a@agency.example.",
    "a@x.agency.example",
    "guest2@elsewhere.example",
    "a@agency.example@evil.example",
    "",
  ])
    assert.ok(!isAllowed(address, list), address);
});

test("anything but one plain address is never allowed", () => {
  const list = {
    domains: ["agency.example", "kelvin.example"],
    addresses: ["guest@elsewhere.example", "a@b@elsewhere.example"],
  };
  for (const address of [
    "ana@evil.example@agency.example",
    "a@b@agency.example",
    "@@agency.example",
    "a@@agency.example",
    "a@b@elsewhere.example",
    '"a@evil.example"@agency.example',
    '"a"@agency.example',
    "Ana <ana@evil.example>@agency.example",
    "ana@evil.example,x@agency.example",
    " a@agency.example",
    "a@agency.example ",
    "a@agency.example\n",
    "a b@agency.example",
    "a@ agency.example",
    "a\u0000@agency.example",
    "a\r\nb@agency.example",
    "\u200ba@agency.example",
    "a@agency.example\u202e",
    "a\u00a0@agency.example",
    "a@agency.example.",
    "a@.agency.example",
    "a@agency..example",
    "a@sub.agency.example",
    "a@xagency.example",
    "a@agency.example:25",
    "a@[agency.example]",
    "a@agency.example/x",
    "a@(x)agency.example",
    "\u0430na@agency.example",
    "a@\u0430gency.example",
    "a@agency\uff0eexample",
    "a@agency.e\u2093ample",
    "a\uff20evil@agency.example",
    "a@\u212aelvin.example",
    "GUEST@ELSEWHERE.EXAMPLE\u0307",
    "guest+x@elsewhere.example",
    "",
    "a",
    "a@",
    "@agency.example",
    `${"a".repeat(65)}@agency.example`,
  ])
    assert.ok(!isAllowed(address, list), JSON.stringify(address));
});

const whole = {
  DATABASE_URL: "x",
  WEB_BASE_URL: "https://a.example",
  OIDC_ISSUER: "https://b.example",
  OIDC_CLIENT_ID: "x",
  OIDC_CLIENT_SECRET: "x",
  SESSION_SECRET: "x".repeat(32),
};

test("an allow list with an impossible address or domain is refused, with the value", () => {
  for (const domains of [
    "@agency.example",
    "*.agency.example",
    "agency.example.",
    "ag\u00e9ncy.example",
    "a@agency.example",
  ])
    assert.throws(
      () => readConfiguration({ ...whole, ALLOWED_DOMAINS: domains }, []),
      (error) => error.message.includes(`ALLOWED_DOMAINS has "${domains}"`),
      domains,
    );
  for (const addresses of ["agency.example", "a@b@agency.example", "\u0430na@agency.example", "<ana@agency.example>"])
    assert.throws(
      () => readConfiguration({ ...whole, ALLOWED_ADDRESSES: addresses }, []),
      (error) => error.message.includes(`ALLOWED_ADDRESSES has "${addresses}"`),
      addresses,
    );
  assert.deepEqual(
    readConfiguration(
      { ...whole, ALLOWED_DOMAINS: "Agency.example, xn--mnchen-3ya.example", ALLOWED_ADDRESSES: "Ana@agency.example" },
      [],
    ).signIn.domains,
    ["agency.example", "xn--mnchen-3ya.example"],
  );
});

test("who may change something: a part of those who may read, on a connection of its own", () => {
  const operators = (more) =>
    readConfiguration(
      { ...whole, ALLOWED_DOMAINS: "agency.example", OPERATOR_DATABASE_URL: "postgresql://operator@here/x", ...more },
      [],
    ).operators;
  assert.equal(operators({ OPERATOR_DATABASE_URL: " ", OPERATORS: "ana@agency.example" }), null);
  assert.deepEqual(operators({ OPERATORS: "Ana@agency.example, AGENCY.example" }), {
    databaseUrl: "postgresql://operator@here/x",
    addresses: ["ana@agency.example"],
    domains: ["agency.example"],
  });
  for (const [more, problem] of [
    [{}, "OPERATORS is not, so no one could change anything"],
    [{ OPERATORS: "ana@elsewhere.example" }, '"ana@elsewhere.example", who may not read'],
    [{ OPERATORS: "sub.agency.example" }, '"sub.agency.example", who may not read'],
    [{ OPERATORS: "<ana>" }, '"<ana>", which is no address'],
    [{ OPERATORS: "ana@agency.example", OPERATOR_DATABASE_URL: whole.DATABASE_URL }, "it is for the role"],
  ])
    assert.throws(
      () => operators(more),
      (error) => error.message.includes(problem),
      problem,
    );
  // In the demo, the one address is the actor.
  const demo = (words) =>
    readConfiguration({ DATABASE_URL: "x", OPERATOR_DATABASE_URL: "y", TIMESHEET_WEB_DEMO: "1", OPERATORS: words }, [
      "--hostname",
      "127.0.0.1",
    ]).operators;
  assert.deepEqual(demo("demo@agency.example").addresses, ["demo@agency.example"]);
  for (const words of ["agency.example", "a@agency.example, b@agency.example"])
    assert.throws(() => demo(words), /in the demo OPERATORS is one address/);
});

test("the return path is always one of the dashboard", () => {
  assert.equal(returnPath("/clients?q=a&b=/c"), "/clients?q=a&b=/c");
  for (const wanted of [
    "//evil.example",
    "/\\evil.example",
    "https://evil.example",
    "evil",
    "",
    null,
    undefined,
    "/sign-out",
    "/\t/evil.example",
    `/clients?q=${"x".repeat(1100)}`,
  ])
    assert.equal(returnPath(wanted), "/");
});

test("JSON is indented without being parsed: numbers, order and repeated members stay", () => {
  const json = '{"a":1.10,"a":12345678901234567890,"b":[],"c":{},"d":["x,{y}:\\"z",null,{"e":true}]}';
  assert.equal(
    indented(json).join("\n"),
    '{\n  "a": 1.10,\n  "a": 12345678901234567890,\n  "b": [],\n  "c": {},\n  "d": [\n    "x,{y}:\\"z",\n    ' +
      'null,\n    {\n      "e": true\n    }\n  ]\n}',
  );
  assert.equal(indented('"cut \\').join(""), '"cut \\');
});

test("exports quote where necessary", () => {
  const columns = [
    { key: "a", label: "A", value: (row) => row.a },
    { key: "h", label: "H", kind: "hours", value: (row) => row.h },
  ];
  assert.equal(
    csvRows(columns, [
      { a: 'x,"y"\nz', h: -5 },
      { a: "-1+1", h: 123456 },
    ]),
    '"x,""y""\nz",-0.05\r\n\'-1+1,1234.56\r\n',
  );
  const cell = (text) => csvRows(columns.slice(0, 1), [{ a: text }]);
  for (const sign of "=+-@\t＝＋－＠﹦﹢﹣﹫") assert.equal(cell(`${sign}1`), `'${sign}1\r\n`);
  // Whatever that cannot be seen comes before it.
  for (const code of "20 a0 85 ad 1680 180e 2003 200b 202e 2060 2800 3000 3164 fe0f feff e0041".split(" "))
    for (const sign of "=@＋\t") {
      const text = String.fromCodePoint(parseInt(code, 16)) + `${sign}1`;
      assert.equal(cell(text), `'${text}\r\n`, code);
    }
  assert.equal(cell('\r\n \u00a0=HYPERLINK("x")'), `"'\r\n \u00a0=HYPERLINK(""x"")"\r\n`);
  assert.equal(cell("Acme;=1+1"), `"Acme;=1+1"\r\n`); // to some spreadsheets ; ends a cell
  for (const text of ["a=1", " harmless", "O'Neil", "日本語-1", "1-2"]) assert.equal(cell(text), `${text}\r\n`);
  assert.equal(csvRows(columns.slice(1), [{ h: -150 }]), "-1.50\r\n");
});

test("verified addresses: however a provider writes true, and none if it says nothing", () => {
  const addressFor = (claim, trusts = false) =>
    verifiedAddress({ email: "a@agency.example", email_verified: claim }, trusts);
  for (const yes of [true, "true", "True"]) assert.equal(addressFor(yes), "a@agency.example");
  for (const no of [false, "false", undefined, null, "", 1, "yes"]) assert.equal(addressFor(no), null, String(no));
  for (const no of [false, "false", "FALSE"]) assert.equal(addressFor(no, true), null, String(no));
  assert.equal(addressFor(undefined, true), "a@agency.example");
  assert.equal(verifiedAddress({ email_verified: true }, true), null);
  assert.equal(verifiedAddress({ email: ["a@agency.example"], email_verified: true }, true), null);
});

test("an incomplete configuration is refused with all of its problems", () => {
  assert.throws(
    () => readConfiguration({}, []),
    /DATABASE_URL is not set; WEB_BASE_URL is not set; OIDC_ISSUER is not set/,
  );
  assert.throws(
    () => readConfiguration({ DATABASE_URL: "x", TIMESHEET_WEB_DEMO: "1", VERCEL: "1" }, ["-H", "127.0.0.1"]),
    /only listens on this machine/,
  );
  assert.throws(
    () => readConfiguration({ DATABASE_URL: "x", TIMESHEET_WEB_DEMO: "1" }, []),
    /only listens on this machine/,
  );
  assert.equal(
    readConfiguration({ DATABASE_URL: "x", TIMESHEET_WEB_DEMO: "1" }, ["--hostname", "127.0.0.1"]).signIn,
    null,
  );
});

const rulesPage = readFileSync("../docs/rules.md", "utf8");

test("rules: each heading of docs/rules.md is known by the anchor that a repository's page gives it", () => {
  const headings = [...rulesPage.matchAll(/^### ((R\d+) .*)$/gm)];
  assert.ok(headings.length >= 13);
  const anchors = headings.map(([, heading, rule]) => [
    rule,
    heading
      .toLowerCase()
      .replace(/[^\w -]/g, "")
      .replaceAll(" ", "-"),
  ]);
  assert.deepEqual(
    Object.entries(rules).map(([rule, { anchor }]) => [rule, anchor]),
    anchors,
  );
  for (const none of ["R0", "R14", "constructor", "R", ""]) assert.ok(!isRule(none), none);
});

test("rules: every note of docs/rules.md leads to a rule, by hand", () => {
  const codes = [
    ...rulesPage
      .slice(rulesPage.indexOf("### R13"))
      .split("\n## ")[0]
      .matchAll(/^\| `(\w+)` \|/gm),
  ]
    .map(([, code]) => code)
    .filter((code) => code !== "code");
  assert.deepEqual(Object.fromEntries(codes.map((code) => [code, ruleOfNote(code)])), {
    missing_clock_out: "R6",
    break_left_open: "R6",
    auto_clock_out: "R7",
    long_session: "R13",
    clock_out_without_clock_in: "R13",
    unknown_type: "R1",
    odd_workday: "R3",
    rejected_entry: "R13",
    unknown_time_zone: "R3",
    no_client_group: "R8",
  });
  assert.equal(ruleOfNote("constructor"), "R13");
});

test("alerts, settings and digests lead to headings that the documentation has", () => {
  const anchors = (page) =>
    [...readFileSync(`../docs/${page}`, "utf8").matchAll(/^#+ (.*)$/gm)].map(([, heading]) =>
      heading
        .toLowerCase()
        .replace(/[^\w -]/g, "")
        .replaceAll(" ", "-"),
    );
  const used = readdirSync("src", { recursive: true })
    .filter((file) => /\.tsx?$/.test(file))
    .flatMap((file) => [...readFileSync(`src/${file}`, "utf8").matchAll(/"(\w+\.md)#([^"$]+)"/g)]);
  assert.ok(used.length > 12, String(used.length));
  for (const [place, page, anchor] of used) assert.ok(anchors(page).includes(anchor), place);
  for (const kind of ["constructor", "", "unknown"]) assert.equal(placeOfAlert(kind), null);
});

test("where the documentation is: as configured, as Vercel deployed it, or nowhere", () => {
  const docs = (environment) =>
    readConfiguration({ DATABASE_URL: "x", TIMESHEET_WEB_DEMO: "1", ...environment }, ["--hostname", "127.0.0.1"])
      .docsUrl;
  const vercel = {
    VERCEL_GIT_PROVIDER: "github",
    VERCEL_GIT_REPO_OWNER: "agency",
    VERCEL_GIT_REPO_SLUG: "timesheet",
    VERCEL_GIT_COMMIT_SHA: "0a1b",
  };
  assert.equal(docs({}), null);
  assert.equal(docs({ DOCS_URL: "https://docs.example/x/" }), "https://docs.example/x");
  assert.equal(docs(vercel), "https://github.com/agency/timesheet/blob/0a1b/docs");
  assert.equal(docs({ ...vercel, DOCS_URL: "https://docs.example/x" }), "https://docs.example/x");
  assert.equal(docs({ ...vercel, VERCEL_GIT_PROVIDER: "gitlab" }), null);
  for (const wrong of ["docs", "javascript:alert(1)", "file:///docs"])
    assert.throws(
      () => docs({ DOCS_URL: wrong }),
      (error) => error.message.includes(`DOCS_URL is "${wrong}"`),
      wrong,
    );
});
