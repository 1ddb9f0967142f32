// A client's page and its contact's e-mail agree to the hundredth, whatever the names are.
import assert from "node:assert/strict";
import { test } from "node:test";
import { page, site, sql } from "./demo_site.mjs";
import { hundredths, tableOf } from "./world.mjs";

/**
 * The cells of a contact's e-mail, and of the page of the contact's one client group, in hundredths by agent and day.
 */
async function both(contact, client, week) {
  const cells = await sql`
    SELECT c.agent_id || ' ' || c.workday AS key, (c.hours * 100)::int AS hours, c.work_seconds AS seconds
    FROM timesheet.digest_cells(${contact}, ${week}) AS c`;
  const [{ first, last }] = await sql`
    SELECT s.first_day AS first, s.last_day AS last FROM timesheet.digest_schedule(${week}, ${week}::date + 1) AS s
    WHERE s.contact_id = ${contact}`;
  const response = await page.goto(`${site.url}/clients/${client}?from=${first}&to=${last}`);
  assert.equal(response.status(), 200);
  const { rows } = await tableOf(page, "agents");
  const shown = rows.flatMap((row) =>
    Object.keys(row)
      .filter((key) => /^\d{4}-/.test(key))
      .map((day) => [`${row.key} ${day}`, hundredths(row[day])]),
  );
  return {
    cells,
    email: Object.fromEntries(cells.map((cell) => [cell.key, cell.hours])),
    shown: Object.fromEntries(shown.filter(([, hours]) => hours !== 0)),
  };
}

test("if a contact has one client group, its page's cells equal the e-mail's, including ties", async () => {
  const contacts = await sql`
      SELECT m.contact_id AS id, min(m.client_group_id) AS client FROM timesheet.contact_client_groups AS m
      JOIN timesheet.contacts AS c USING (contact_id)
    WHERE c.removed_at IS NULL AND c.unsubscribed_at IS NULL GROUP BY 1 HAVING count(*) = 1 ORDER BY 1`;
  assert.ok(contacts.length > 1);
  let compared = 0;
  for (const { id, client } of contacts)
    for (const week of ["2026-11-02", "2026-11-09", "2026-11-16"]) {
      const { email, shown } = await both(id, client, week);
      compared += Object.keys(email).length;
      assert.deepEqual(
        shown,
        Object.fromEntries(Object.entries(email).filter(([, hours]) => hours !== 0)),
        `${client} ${week}`,
      );
    }

  assert.ok(compared > 50, String(compared));

  // Three agents with the same remainder over a hundredth, whose names sort the other way than their ids.
  const { id, client } = contacts[0];
  const agents = await sql`SELECT agent_id AS id, full_name AS name FROM timesheet.agents ORDER BY agent_id LIMIT 3`;
  try {
    for (const [n, agent] of agents.entries()) {
      await sql`UPDATE timesheet.agents SET full_name = ${"CBA"[n]} WHERE agent_id = ${agent.id}`;
      await sql`
        INSERT INTO timesheet.time_entries (jibble_activity_id, agent_id, client_group_id, start_time_utc, raw_type,
          time_zone, workday, workday_end)
        SELECT gen_random_uuid(), ${agent.id}, ${client}, v.at, v.type, 'UTC', '2025-06-04', '2025-06-05 00:00Z'
        FROM (VALUES ('2025-06-04 10:00Z'::timestamptz, 'In'), ('2025-06-04 10:01:24Z', 'Out')) AS v (at, type)`;
    }
    const { cells, email, shown } = await both(id, client, "2025-06-02");
    assert.deepEqual(
      cells.map((cell) => Number(cell.seconds)),
      [84, 84, 84],
    );
    assert.deepEqual(Object.values(email).sort(), [2, 2, 3]);
    assert.deepEqual(shown, email);
  } finally {
    await sql`DELETE FROM timesheet.time_entries WHERE workday = '2025-06-04'`;
    for (const agent of agents)
      await sql`UPDATE timesheet.agents SET full_name = ${agent.name} WHERE agent_id = ${agent.id}`;
    await sql`SELECT timesheet.refresh()`;
  }
});
