// One search on every page: clients, agents and activities by name, former name, code and e-mail address.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { open, page, site } from "./demo_site.mjs";
import { csv, owner, startBrowser, tableOf } from "./world.mjs";
import { xlsx } from "./xlsx.mjs";

const sql = owner();
let agent, client, activity, kept;

before(async () => {
  [[agent], [client], [activity]] = [
    await sql`SELECT agent_id AS id, jibble_id, full_name AS name FROM timesheet.agents ORDER BY 1 LIMIT 1`,
    await sql`SELECT client_group_id AS id, jibble_id, name FROM timesheet.client_groups ORDER BY 1 LIMIT 1`,
    await sql`SELECT activity_id AS id, jibble_id, name FROM timesheet.activities ORDER BY 1 LIMIT 1`,
  ];
  kept =
    await sql`SELECT agent_id AS id, full_name AS name, code, email FROM timesheet.agents WHERE agent_id = ${agent.id}`;
});
after(async () => {
  await sql`
    UPDATE timesheet.agents SET full_name = ${kept[0].name}, code = ${kept[0].code}, email = ${kept[0].email}
    WHERE agent_id = ${agent.id}`;
  await sql`UPDATE timesheet.client_groups SET name = ${client.name} WHERE client_group_id = ${client.id}`;
  await sql`UPDATE timesheet.activities SET name = ${activity.name} WHERE activity_id = ${activity.id}`;
  await sql.end();
});

const found = async (search) => {
  await open(`/search?q=${encodeURIComponent(search)}`);
  return (await page.locator("table[data-table=found]").count()) === 0
    ? []
    : (await tableOf(page, "found")).rows.map((row) => row.key);
};

test("it finds by each word, in any case, with and without accents; % and _ are characters", async () => {
  for (const [name, searches, others] of [
    ["Zoë Ångström-Quist", ["zoe", "ANGSTROM", "quist zoë", "  zoe  ångström "], ["zoeq", "zoe xquist"]],
    ["Q100% Quiz_Unit", ["100%", "z_u", "% _"], ["1%0", "q_u", "100_", "q%z"]],
    ['O\'Qrien "Qob" <b>\\', ["o'qrien", '"qob"', "<b>", "\\", 'n "'], ["o''qrien", "\\\\"]],
  ]) {
    await sql`UPDATE timesheet.agents SET full_name = ${name} WHERE agent_id = ${agent.id}`;
    for (const search of searches)
      assert.ok((await found(search)).includes(`agent ${agent.id}`), `${search} in ${name}`);
    for (const search of others) assert.ok(!(await found(search)).includes(`agent ${agent.id}`), `${search}, ${name}`);
  }
});

test("clients, agents and activities, each with its link, code and address; the days stay", async () => {
  await sql`
    UPDATE timesheet.agents SET full_name = 'Vexley Quorn', code = 'VX-9', email = 'vexley@elsewhere.example'
    WHERE agent_id = ${agent.id}`;
  await sql`UPDATE timesheet.client_groups SET name = 'Old Vexley Ltd' WHERE client_group_id = ${client.id}`;
  await sql`UPDATE timesheet.activities SET name = 'Vexley calls' WHERE activity_id = ${activity.id}`;
  await open("/search?q=vexley&from=2026-11-16&to=2026-11-22");
  assert.equal(await page.locator("h2").first().textContent(), "3 names with “vexley”");
  const { rows } = await tableOf(page, "found");
  // Those that begin with it come first.
  assert.deepEqual(
    rows.map((row) => [row.key, row.name, row.kind]),
    [
      [`agent ${agent.id}`, "Vexley Quorn", "Agent"],
      [`activity ${activity.id}`, "Vexley calls", "Activity"],
      [`client ${client.id}`, "Old Vexley Ltd", "Client"],
    ],
  );
  assert.deepEqual([rows[0].code, rows[0].email], ["VX-9", "vexley@elsewhere.example"]);
  const days = "from=2026-11-16&to=2026-11-22";
  assert.deepEqual(
    await page.locator("table a[href]:not(thead a)").evaluateAll((all) => all.map((link) => link.getAttribute("href"))),
    [`/agents/${agent.id}?${days}`, `/entries?${days}&activity=${activity.id}`, `/clients/${client.id}?${days}`],
  );
  for (const href of [`/agents/${agent.id}`, `/entries?activity=${activity.id}`, `/clients/${client.id}`])
    await open(href);
  assert.deepEqual(await found("vx-9"), [`agent ${agent.id}`]);
  assert.deepEqual(await found("vexley@else"), [`agent ${agent.id}`]);
  // A kind is no name.
  assert.ok(!(await found("activity")).includes(`agent ${agent.id}`));
  const exported = await csv(`${site.url}/search/csv?q=vexley&sort=-name`);
  assert.deepEqual(
    exported.map((row) => row.Name),
    ["Vexley Quorn", "Vexley calls", "Old Vexley Ltd"],
  );
  assert.deepEqual(
    (await xlsx(`${site.url}/search/xlsx?q=vexley&sort=-name`)).map((row) => row.Name),
    exported.map((row) => row.Name),
  );
});

test("former names find what has another name now; a version that cannot be read does no harm", async () => {
  const ids = [];
  const version = async (resource, { jibble_id }, payload) => {
    const [{ id }] = await sql`
      INSERT INTO timesheet.raw_events (resource, jibble_id, payload)
      VALUES (${resource}, ${jibble_id}, ${payload}::text::json) RETURNING raw_event_id AS id`;
    ids.push(id);
  };
  try {
    await version("People", agent, '{"fullName": "Wilhelmina \\u00c9lan\\u200b  Maiden"}');
    await version("Groups", client, '{"name": "Formerly Glimmer Inc"}');
    await version("Activities", activity, '{"name": "Glimmer upkeep"}');
    await version("People", agent, '{"fullName": "Nul\\u0000 Glimmer"}');
    await version("People", agent, '["fullName"]');
    await version("Groups", client, '{"name": {"odd": "Glimmer"}}');
    assert.deepEqual(await found("wilhelmina elan maiden"), [`agent ${agent.id}`]);
    const { rows } = await tableOf(page, "found");
    assert.match(rows[0].former, /Wilhelmina Élan Maiden/);
    assert.ok(!rows[0].former.includes(rows[0].name));
    assert.deepEqual((await found("glimmer")).sort(), [`activity ${activity.id}`, `client ${client.id}`].sort());
  } finally {
    await sql`DELETE FROM timesheet.raw_events WHERE raw_event_id = ANY (${ids})`;
  }
});

test("nothing found, nothing searched for, and more than a page holds", async () => {
  assert.deepEqual(await found("zzzz-none"), []);
  assert.match(
    await page.locator(".empty").textContent(),
    /^No client, agent or activity has “zzzz-none” in its name, former names, code or e-mail address\./,
  );
  for (const nothing of ["", "   "]) {
    assert.deepEqual(await found(nothing), []);
    assert.match(await page.locator("p.panel").textContent(), /^Type a part of a name/);
  }
  await sql`
    INSERT INTO timesheet.activities (jibble_id, name) SELECT gen_random_uuid(), 'Bulkfind ' || n
    FROM generate_series(1, 230) AS n`;
  try {
    await open("/search?q=bulkfind");
    assert.equal(await page.locator("h2").first().textContent(), "230 names with “bulkfind”");
    const names = [];
    for (let n = 1; n <= 3; n += 1) {
      names.push(...(await tableOf(page, "found")).rows.map((row) => row.name));
      if (n < 3) {
        await page.locator("a[rel=next]").click();
        await page.waitForURL(new RegExp(`page=${n + 1}`));
      }
    }
    assert.deepEqual(
      names,
      Array.from({ length: 230 }, (_, n) => `Bulkfind ${n + 1}`),
    );
    assert.equal(await page.locator("a[rel=next]").count(), 0);
    assert.equal((await csv(`${site.url}/search/csv?q=bulkfind&page=2`)).length, 230);
  } finally {
    await sql`DELETE FROM timesheet.activities WHERE name LIKE 'Bulkfind %'`;
  }
});

test("the box is on every page and works without scripts", async () => {
  const browser = await startBrowser();
  const context = await browser.newContext({ javaScriptEnabled: false });
  const plain = await context.newPage();
  try {
    for (const path of [
      "/?from=2026-11-16&to=2026-11-22",
      "/clients",
      `/clients/${client.id}`,
      "/agents",
      `/agents/${agent.id}`,
      `/agents/${agent.id}/2026-11-17`,
      "/activities",
      "/entries",
      "/digests",
      "/health",
      "/search",
    ]) {
      await plain.goto(site.url + path);
      const box = plain.getByRole("searchbox", { name: "Find a client, agent or activity" });
      assert.equal(await box.count(), 1, path);
      await box.fill("café 100% _");
      await box.press("Enter");
      await plain.waitForURL(/\/search\?/);
      const given = new URL(plain.url()).searchParams;
      assert.equal(given.get("q"), "café 100% _");
      assert.equal(given.get("from"), path.startsWith("/?") ? "2026-11-16" : null);
      assert.equal(await box.inputValue(), "café 100% _");
    }
  } finally {
    await browser.close();
  }
});
