// What has one name is kept apart wherever the dashboard shows it; what has none to read is called unnamed.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { csv, owner, startBrowser, startDemo, tableOf } from "./world.mjs";

const days = "from=2026-11-16&to=2026-11-22";
let site, browser, page, sql, kept, agents, clients, activities;

before(async () => {
  sql = owner();
  kept = {
    agents: await sql`SELECT agent_id AS id, full_name AS name, email, code FROM timesheet.agents`,
    clients: await sql`SELECT client_group_id AS id, name, code FROM timesheet.client_groups`,
    activities: await sql`SELECT activity_id AS id, name, code FROM timesheet.activities`,
  };
  // Two who worked for the client group with the most agents, and two others, who have no name.
  const worked = await sql`
    SELECT client_group_id AS client, array_agg(DISTINCT agent_id ORDER BY agent_id) AS agents,
      array_agg(DISTINCT activity_id ORDER BY activity_id) AS activities
    FROM timesheet.weekly_report WHERE week_start = '2026-11-16' AND client_group_id IS NOT NULL
      AND activity_id IS NOT NULL AND work_seconds > 0
    GROUP BY 1 ORDER BY cardinality(array_agg(DISTINCT agent_id)) DESC, 1`;
  const others = kept.agents.map(({ id }) => id).filter((id) => !worked[0].agents.includes(id));
  agents = [...worked[0].agents.slice(0, 2), ...others.sort((a, b) => a - b).slice(0, 2)];
  clients = [worked[0].client, worked[1].client];
  activities = worked[0].activities.slice(0, 2);
  for (const [n, [name, code, email]] of [
    ["Maria Santos", "17", "m@example.com"],
    [" Maria\u00a0Santos\u200b", "44", "m@example.com"],
    ["   ", null, "first@example.com"],
    ["\u3164", null, "second@example.com"],
  ].entries())
    await sql`
      UPDATE timesheet.agents SET full_name = ${name}, code = ${code}, email = ${email} WHERE agent_id = ${agents[n]}`;
  await sql`UPDATE timesheet.client_groups SET name = 'Bolt', code = NULL WHERE client_group_id = ANY (${clients})`;
  await sql`UPDATE timesheet.activities SET name = 'Desk', code = 'D' || activity_id
    WHERE activity_id = ANY (${activities})`;
  [site, browser] = [await startDemo(), await startBrowser()];
  page = await browser.newPage();
});
after(async () => {
  for (const { id, name, email, code } of kept?.agents ?? [])
    await sql`UPDATE timesheet.agents SET full_name = ${name}, email = ${email}, code = ${code} WHERE agent_id = ${id}`;
  for (const { id, name, code } of kept?.clients ?? [])
    await sql`UPDATE timesheet.client_groups SET name = ${name}, code = ${code} WHERE client_group_id = ${id}`;
  for (const { id, name, code } of kept?.activities ?? [])
    await sql`UPDATE timesheet.activities SET name = ${name}, code = ${code} WHERE activity_id = ${id}`;
  await browser?.close();
  await site?.stop();
  await sql?.end();
});

const people = [
  "Maria Santos (17)",
  "Maria Santos (44)",
  "(unnamed agent) (first@example.com)",
  "(unnamed agent) (second@example.com)",
];
const bolts = () => clients.map((id) => `Bolt (no. ${id})`);
const desks = () => activities.map((id) => `Desk (D${id})`);

test("no page shows one of these names alone", async () => {
  for (const path of [
    `/?${days}`,
    `/clients?${days}`,
    "/",
    `/agents?${days}&people=all`,
    "/agents/usual?people=all",
    `/activities?${days}`,
    `/activities/compare?${days}`,
    `/entries?${days}`,
    `/health?${days}`,
    `/digests?${days}`,
    ...clients.map((id) => `/clients/${id}?${days}`),
    ...agents.map((id) => `/agents/${id}?${days}`),
    ...agents.map((id) => `/agents/${id}/2026-11-17`),
  ]) {
    const response = await page.goto(site.url + path);
    assert.equal(response.status(), 200, path);
    const alone = (await page.content()).match(/.{30}(?:Maria Santos|unnamed agent\)|\bBolt|\bDesk)(?! \().{30}/g);
    assert.deepEqual(alone, null, path);
  }
});

test("lists, exports and headings", async () => {
  await page.goto(`${site.url}/agents?${days}&people=all`);
  const listed = new Map((await tableOf(page, "agents")).rows.map((row) => [row.key, row]));
  const exported = (await csv(`${site.url}/agents/csv?${days}&people=all`)).map((row) => row.Agent);
  for (const [n, id] of agents.entries()) {
    assert.equal(listed.get(String(id)).name, people[n]);
    assert.equal(exported.filter((name) => name === people[n]).length, 1);
  }
  const links = await page
    .locator('table[data-table="agents"] a')
    .evaluateAll((all) => all.map((link) => link.textContent.trim()));
  assert.ok(links.length > 40 && !links.includes(""), "each link has a text");
  for (const [n, id] of agents.entries()) {
    await page.goto(`${site.url}/agents/${id}?${days}`);
    assert.equal(await page.locator("h1").textContent(), people[n]);
  }
  const exportedClients = (await csv(`${site.url}/clients/csv?${days}`)).map((row) => row.Client);
  for (const name of bolts()) assert.equal(exportedClients.filter((each) => each === name).length, 1, name);
  const exportedActivities = (await csv(`${site.url}/activities/csv?${days}`)).map((row) => row.Activity);
  for (const name of desks()) assert.equal(exportedActivities.filter((each) => each === name).length, 1, name);
});

test("a client's agents in the table and the chart, and the select boxes of entries", async () => {
  await page.goto(`${site.url}/clients/${clients[0]}?${days}`);
  assert.equal(await page.locator("h1").textContent(), bolts()[0]);
  const rows = (await tableOf(page, "agents")).rows;
  for (const n of [0, 1]) assert.equal(rows.find((row) => row.key === String(agents[n])).name, people[n]);
  await page.goto(`${site.url}/entries?${days}&q=santos+44`);
  assert.deepEqual(new Set((await tableOf(page, "entries")).rows.map((row) => row.agent)), new Set([people[1]]));
  for (const [name, wanted] of [
    ["agent", people],
    ["client", bolts()],
    ["activity", desks()],
  ]) {
    const offered = await page
      .locator(`select[name=${name}] option`)
      .evaluateAll((all) => all.map((option) => option.textContent));
    for (const each of wanted) assert.equal(offered.filter((text) => text === each).length, 1, each);
  }
});
