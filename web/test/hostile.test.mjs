// Malicious names and addresses are text, on pages, in exports and in queries.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { csv, owner, startBrowser, startDemo, tableOf } from "./world.mjs";

const names = [
  "<script>document.title='harmed'</script>",
  '"><img src=x onerror="document.title=\'harmed\'">',
  "</title></script><svg onload=\"document.title='harmed'\">",
  '=HYPERLINK("http://evil.example","here")',
  "@SUM(1+1)*cmd|' /C calc'!A0",
  'O\'Brien, "Bob"; DROP TABLE timesheet.agents; --',
  "\u202Etxt.exe \u0000".replace("\u0000", "") + "‮right to left",
  "%_\\ ${process.env.DATABASE_URL} {{constructor}}",
  "A".repeat(300),
  "日本語 العربية 🙂",
];
// Names are stored without invisible characters.
const shown = names.map((name) => name.replaceAll("\u202E", ""));
let site, browser, page, sql, agents, clients;
const problems = [];

before(async () => {
  sql = owner("hostile");
  agents = await sql`
    SELECT agent_id AS id FROM timesheet.weekly_hours('2026-11-16', '2026-11-23') GROUP BY 1 ORDER BY 1
    LIMIT ${names.length}`;
  clients = await sql`
    SELECT client_group_id AS id FROM timesheet.weekly_hours('2026-11-16', '2026-11-23')
    WHERE client_group_id IS NOT NULL GROUP BY 1 ORDER BY 1 LIMIT ${names.length}`;
  const activities = await sql`
    SELECT activity_id AS id FROM timesheet.weekly_hours('2026-11-16', '2026-11-23') WHERE activity_id IS NOT NULL
    GROUP BY 1 ORDER BY 1 LIMIT ${names.length}`;
  for (const [n, name] of names.entries()) {
    await sql`UPDATE timesheet.agents SET full_name = ${name}, email = ${name} WHERE agent_id = ${agents[n].id}`;
    await sql`
      UPDATE timesheet.client_groups SET name = ${name}, code = ${name} WHERE client_group_id = ${clients[n].id}`;
    await sql`UPDATE timesheet.activities SET name = ${name} WHERE activity_id = ${activities[n].id}`;
  }
  [site, browser] = [await startDemo("hostile"), await startBrowser()];
  page = await browser.newPage({ viewport: { width: 390, height: 844 } });
  page.on("dialog", (dialog) => problems.push(dialog.message()));
  page.on("pageerror", (error) => problems.push(error.message));
  page.on("console", (message) => message.type() === "error" && problems.push(message.text()));
});
after(async () => {
  await browser?.close();
  await site?.stop();
  await sql?.end();
});

const days = "from=2026-11-16&to=2026-11-22";

test("names are shown as they are everywhere, and nothing in them runs or widens a page", async () => {
  const paths = [
    `/?${days}`,
    `/clients?${days}`,
    `/agents?${days}`,
    `/agents/usual?from=2026-11-16`,
    `/activities?${days}`,
    `/activities/compare?${days}`,
    "/",
    `/entries?${days}`,
    ...clients.slice(0, names.length).map(({ id }) => `/clients/${id}?${days}`),
    ...agents.map(({ id }) => `/agents/${id}?${days}`),
    `/agents/${agents[0].id}/2026-11-17`,
  ];
  for (const path of paths) {
    const response = await page.goto(site.url + path);
    assert.equal(response.status(), 200, path);
    assert.notEqual(await page.title(), "harmed");
    assert.equal(await page.locator("img, main script").count(), 0, path);
    assert.equal(
      await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth),
      0,
      `${path} is too wide`,
    );
  }
  for (const [n, { id }] of agents.entries()) {
    await page.goto(`${site.url}/agents/${id}?${days}`);
    assert.equal(await page.locator("h1").textContent(), shown[n]);
    assert.match(await page.title(), / · Timesheet$/);
  }
  await page.goto(`${site.url}/agents?${days}`);
  const rows = new Map((await tableOf(page, "agents")).rows.map((row) => [row.key, row]));
  for (const [n, { id }] of agents.entries())
    assert.deepEqual([rows.get(String(id)).name, rows.get(String(id)).email], [shown[n], shown[n]]);
  await page.goto(`${site.url}/entries?${days}&agent=${agents[1].id}`);
  for (const name of ["agent", "client", "activity"]) {
    const offered = await page
      .locator(`select[name=${name}] option`)
      .evaluateAll((all) => all.map((option) => option.textContent));
    for (const each of shown) assert.ok(offered.includes(each), `${name}: ${each} in ${offered.join(" | ")}`);
  }
  assert.equal(await page.locator("select[name=agent]").inputValue(), String(agents[1].id));
  assert.equal(await page.locator("select[name=client]").inputValue(), "");
  assert.deepEqual(problems, []);
});

test("exports hold the names, and mark as text what a spreadsheet would run", async () => {
  const rows = await csv(`${site.url}/agents/csv?${days}`);
  for (const name of shown)
    assert.ok(
      rows.some((row) => row.Agent === (/^[=+\-@]/.test(name) ? `'${name}` : name)),
      name,
    );
});

test("each name is found by searching for it, in tables and in entries", async () => {
  for (const [n, name] of names.entries()) {
    const query = new URLSearchParams({ from: "2026-11-16", to: "2026-11-22", q: name.slice(0, 100) });
    await page.goto(`${site.url}/agents?${query}`);
    assert.ok(
      (await tableOf(page, "agents")).rows.some((row) => row.key === String(agents[n].id)),
      name,
    );
    query.set("agent", String(agents[n].id));
    await page.goto(`${site.url}/entries?${query}`);
    assert.ok((await tableOf(page, "entries")).rows.length > 0, name);
  }
});

test("a malicious e-mail runs nothing, loads nothing and leads nowhere, in its frame and on its own", async () => {
  const harm = "document.title='harmed';parent.document.title='harmed'";
  const html = `<!DOCTYPE html><title>Mail</title><style>p{color:#000}</style><p>It stands</p>
    <script>${harm}</script><img src="/icon.svg?beacon" onerror="${harm}"><svg onload="${harm}"></svg>
    <link rel="stylesheet" href="https://evil.example/beacon.css"><meta http-equiv="refresh" content="0;url=/health">
    <iframe src="javascript:${harm}"></iframe>
    <form method="post" action="/sign-out"><button>Press</button></form><a href="/health" target="_top">Follow</a>`;
  const [{ id }] = await sql`
    SELECT timesheet.snapshot_digest(contact_id, '2026-11-02') AS id FROM timesheet.contacts
    WHERE email = 'operations@redstone.example'`;
  const subject = `"><script>${harm}</script>`;
  await sql`
    UPDATE timesheet.digest_deliveries SET html = ${html}, body = ${html}, error = ${html}, state = 'in_doubt',
      provider = ${subject}, provider_message_id = ${subject}, email = ${"o'neil@\"><b>.example"},
    content = content || jsonb_build_object('subject', ${subject}::text, 'title', ${subject}::text),
    created_at = '2026-11-18 08:00Z' WHERE delivery_id = ${id}`;
  const requests = [];
  // what the policy refuses has no response
  const note = (answer) => requests.push(new URL(answer.url()).pathname + new URL(answer.url()).search);
  const reported = problems.length;
  page.on("response", note);
  for (const path of [`/digests?${days}`, `/digests/${id}`]) {
    await page.goto(site.url + path, { waitUntil: "networkidle" });
    assert.notEqual(await page.title(), "harmed");
    assert.equal(await page.locator("main script, main img, main b").count(), 0, path);
    assert.equal(
      await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth),
      0,
      `${path} is too wide`,
    );
  }
  const frame = page.frameLocator("iframe.mail");
  await frame.getByText("It stands").waitFor();
  await frame.getByRole("button", { name: "Press" }).click();
  await frame.getByRole("link", { name: "Follow" }).click();
  await page.waitForTimeout(300);
  assert.equal(page.url(), `${site.url}/digests/${id}`);
  await page.goto(`${site.url}/digests/${id}/mail`, { waitUntil: "networkidle" });
  assert.equal(await page.title(), "Mail");
  assert.equal(page.url(), `${site.url}/digests/${id}/mail`);
  page.off("response", note);
  assert.deepEqual(
    requests.filter((path) => /beacon|sign-out|health/.test(path) && !path.includes("_rsc")),
    [],
  );
  problems.length = reported; // the console reports what was refused
  await page.goto(`${site.url}/digests/${id}`);
  assert.match(
    await page.locator(".remedy pre").first().textContent(),
    /resend_digest\('o''neil@"><b>\.example', '2026-11-02'\)/,
  );
  problems.length = reported;
});

test("meaningless addresses show the usual page, or 404", async () => {
  const usual = [
    "/?from=2026-02-31&to=yesterday",
    "/clients?sort=constructor&q=%00%27%3B--",
    "/clients?sort[]=1&from=9999-12-31",
    "/entries?after=x_y&agent=-1&client=1e9&type=%27",
    "/entries?after=2026-13-45T99:99:99.000000Z_00000000-0000-0000-0000-000000000000",
    "/entries?after=2026-02-30T10:00:00.000000Z_00000000-0000-0000-0000-000000000000",
    "/entries?after=2026-11-20T24:00:00.000000Z_00000000-0000-0000-0000-000000000000",
    "/entries?__proto__=x&constructor=y&toString=z",
    "/health/csv?constructor=y&__proto__=x",
    "/entries?agent=99999999999999999999",
    "/health?before=99999999999999999999&status=x",
    "/agents?q=" + "x".repeat(5000),
    "/clients?from=1000-01-01&to=2999-12-31",
    "/?from=2026-11-22&to=2026-11-16",
    "/agents/1?clock=__proto__",
    "/agents/1?month=2026-13",
    "/agents/1?month=__proto__",
    "/clients/1?month=1000-01",
    "/clients/1?month=2999-12",
    "/agents/usual?from=2999-12-31&show=constructor&people=x&sort=%27",
    "/agents/usual?from=1000-01-01",
    "/activities/compare?with_from=2026-02-31&with_to=x",
    "/activities/compare?with_from=2026-11-22&with_to=2026-11-16",
    "/activities/compare/csv?with_from=1000-01-01&with_to=2999-12-31",
    "/digests?sort=constructor&state=x&page=-1&q=%27",
    "/digests?page=99999&sort=-happened",
    "/health?sort=window%22&page=2e9",
    "/entries?from=2999-12-31&to=2999-12-31",
  ];
  for (const path of usual) assert.equal((await fetch(site.url + path)).status, 200, path);
  const none = [
    "/clients/x",
    "/clients/999999999",
    "/clients/99999999999999999999",
    "/agents/-1",
    "/agents/1.5",
    "/agents/999999999",
    "/agents/1/2026-02-31",
    "/entries/x",
    "/entries/00000000-0000-0000-0000-000000000000",
    "/digests/x",
    "/digests/999999999",
    "/digests/-1/mail",
    "/digests/999999999/csv",
    "/nowhere",
    "/clients/1%27/csv",
  ];
  for (const path of none) assert.equal((await fetch(site.url + path)).status, 404, path);
  assert.doesNotMatch(site.log(), /⨯|Error/);
});
