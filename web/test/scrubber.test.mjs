// What takes secrets out of the jobs' answers, and which passwords a connection string holds.
import assert from "node:assert/strict";
import { test } from "node:test";
import { readJobs } from "../src/config/jobs.ts";
import { secretsOf } from "../src/jobs/environment.ts";
import { scrubber } from "../src/jobs/scrubber.ts";

const secret = "a secret of 32 characters, or more";

/** Hides what a function with this database hides. */
const scrubberFor = (databaseUrl) => scrubber(secretsOf({}, { secret, databaseUrl }));

/** The password is hidden in each of these texts, which stay as they are around it. */
function hides(databaseUrl, ...forms) {
  const scrub = scrubberFor(databaseUrl);
  for (const form of forms) assert.equal(scrub(`before ${form} after`), "before *** after", `${databaseUrl}: ${form}`);
}

test("a password that stands raw in the URL is hidden, whole and up to each @", () => {
  const url = (password) => `postgresql://poller:${password}@db.example:5432/postgres?sslmode=require`;
  hides(url("pa/ss@word"), "pa/ss@word", "pa/ss", "pa%2Fss%40word", "pa%2fss%40word", "pa\\/ss@word");
  hides(url("pass:word"), "pass:word", "pass%3Aword");
  hides(url("p?ss#word"), "p?ss#word", "p%3Fss%23word");
  hides(url("pass?word=x@y"), "pass?word=x@y", "pass%3Fword%3Dx%40y");
  hides(url("100%/pure"), "100%/pure", "100%25%2Fpure");
  hides("postgresql://poller:pass@word@db.example", "pass@word", "pass");
});

test("a password is hidden percent-encoded, decoded, and in part", () => {
  const url = "postgresql://poller:Pa%2fSs%40w%C3%B6rd%20x@db.example/postgres";
  hides(url, "Pa%2fSs%40w%C3%B6rd%20x", "Pa/Ss@wörd x", "Pa%2FSs%40w%C3%B6rd%20x", "Pa%2fSs%40w%c3%b6rd%20x");
  hides(url, "Pa/Ss%40w%C3%B6rd x", "Pa/Ss@w%C3%B6rd+x", "Pa%2FSs@w\\u00f6rd x", "%50a/Ss@wörd%20x");
  // once more escaped, as a URL in a URL
  hides(url, "Pa%252fSs%2540w%25C3%25B6rd%2520x");
  // What is no escape is as written.
  hides("postgresql://poller:50%zz%2Fxy@db.example", "50%zz%2Fxy", "50%zz/xy");
  hides("postgresql://poller:ab%FFcd@db.example", "ab%FFcd");
});

test("a password among the parameters, or in a string of words, is hidden", () => {
  hides("postgresql://db.example/postgres?user=poller&password=hush%26hush", "hush%26hush", "hush&hush");
  hides("postgresql://db.example/postgres?password=hush@hush/x&sslmode=require", "hush@hush/x", "hush%40hush%2Fx");
  hides("postgresql://db.example/?sslpassword=hushhush", "hushhush");
  hides("postgresql:///postgres?host=/run&pass%77ord=hushhush", "hushhush");
  hides("postgresql://poller:one-hush@db.example/x?password=two-hush", "one-hush", "two-hush");
  hides("host=db.example password=hush/hush@x user=poller", "hush/hush@x", "hush%2Fhush%40x");
  hides("host=db.example password = 'hush hush' user=poller", "hush hush", "hush%20hush", "hush+hush");
  hides("host=db.example password='it\\'s \\\\hush'", "it's \\hush", "it\\'s \\\\hush", "it''s \\hush");
  hides("password=hush\\ hush host=db.example", "hush hush", "hush\\ hush");
});

test("a password is hidden where it is named, quoted or not", () => {
  const scrub = scrubberFor(`postgresql://poller:it's%20"hush"@db.example/postgres`);
  for (const [text, scrubbed] of Object.entries({
    [`PGPASSWORD=it's "hush"`]: "PGPASSWORD=***",
    // Nothing here quotes for a shell.
    [`PGPASSWORD='it'\\''s "hush"'`]: `PGPASSWORD='it'\\''s "hush"'`,
    [`password='it\\'s "hush"' host=x`]: "password='***' host=x",
    [`PASSWORD 'it''s "hush"'`]: "PASSWORD '***'",
    [`{"password":"it's \\"hush\\""}`]: `{"password":"***"}`,
    [`postgresql://poller:it%27s%20%22hush%22@db.example`]: "postgresql://poller:***@db.example",
    [`?password=it's+%22hush%22&x=1`]: "?password=***&x=1",
  }))
    assert.equal(scrub(text), scrubbed);
});

test("what is no secret stays", () => {
  const scrub = scrubberFor("postgresql://poller:a.b*c(d@db.example:5432/postgres?application_name=timesheet");
  const text = 'connection to "db.example", port 5432, as poller, for timesheet failed: axb*c(d';
  assert.equal(scrub(text), text);
  assert.equal(scrub("a.b*c(d"), "***");
  // One of three characters would blot out half of every line.
  assert.equal(scrubberFor("postgresql://poller:abc@db.example")("abcdef"), "abcdef");
});

test("of two secrets of which one contains the other nothing is left", () => {
  assert.equal(scrubber(["hush", "hush-hush"])("x hush-hush y hush z"), "x *** y *** z");
  assert.equal(scrubber(["hush/", "hush/hush@"])("hush%2Fhush%40"), "***");
});

test("a login that libpq would read in another way, and show, is refused", () => {
  const problem = (databaseUrl) => readJobs({ CRON_SECRET: secret, JOBS_DATABASE_URL: databaseUrl }).jobs.problem;
  const expected =
    "the jobs are not configured: JOBS_DATABASE_URL has an @ or a / in its login or password: write it as %40 or %2F";
  for (const login of [
    "poller:pa@ss",
    "poller:pa/ss",
    "poller:pa/s@s",
    "po@ller:pass",
    "poller:pass/",
    "poller:pa?b=c@d",
  ])
    assert.equal(problem(`postgresql://${login}@db.example:5432/postgres?sslmode=require`), expected, login);
  for (const url of [
    "postgresql://poller:pa%40s%2Fs@db.example:5432/postgres?sslmode=require",
    "postgresql://poller:pa:s?s#@db.example/postgres",
    "postgresql://poller@db.example/postgres?application_name=a@b/c",
    "postgresql:///postgres?host=/run/postgresql&password=a@b",
    "postgresql://db.example/postgres",
    "host=db.example user=poller password=a@b/c",
  ])
    assert.equal(problem(url), null, url);
});
