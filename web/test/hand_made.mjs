// Entries whose hours are worked out by hand, in a year that the sample organisation does not have.
import { now, startSite, docsUrl } from "./world.mjs";

/** The dashboard of the demo at another moment. */
export function startAt(moment = now, database = "web") {
  return startSite({ TIMESHEET_WEB_DEMO: "1", TIMESHEET_WEB_NOW: moment, DOCS_URL: docsUrl }, { database });
}

/** A clock-in and a clock-out of an agent for a client on a workday; times are UTC. */
export async function addWork(sql, agent, client, workday, from, to) {
  await sql`
    INSERT INTO timesheet.time_entries (jibble_activity_id, agent_id, client_group_id, start_time_utc, raw_type,
      time_zone, workday, workday_end)
    SELECT gen_random_uuid(), ${agent}::int, ${client}::int, v.at::timestamptz, v.type, 'UTC', ${workday}::date,
      ${to}::timestamptz + interval '1 hour'
    FROM (VALUES (${from}, 'In'), (${to}, 'Out')) AS v (at, type)`;
}

/** Eight hours would be addHours(…, day, 8): from 06:00 UTC on. */
export function addHours(sql, agent, client, day, hours) {
  return addWork(sql, agent, client, day, `${day} 06:00Z`, `${day} ${String(6 + hours).padStart(2, "0")}:00Z`);
}

export async function removeWork(sql) {
  await sql`DELETE FROM timesheet.time_entries WHERE workday BETWEEN '2025-01-01' AND '2025-12-31'`;
  await sql`DELETE FROM timesheet.hour_entries WHERE workday BETWEEN '2025-01-01' AND '2025-12-31'`;
  await sql`SELECT timesheet.refresh()`;
}
