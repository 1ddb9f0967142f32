import { configuration } from "@/config/configuration";
import type { Calendar } from "@/range/range";
import type { Sql } from "./database";

/** A client group's own calendar; of key 0, which is none, the settings'. */
export async function calendarOf(sql: Sql, clientKey = 0): Promise<Calendar> {
  const now = configuration().now;
  const [row] = await sql<Calendar[]>`
    SELECT (coalesce(${now}::text::timestamptz, now()) AT TIME ZONE g.time_zone)::date::text AS today, g.week_starts_on AS "weekStartsOn", g.time_zone AS "timeZone"
    FROM timesheet.client_group_names AS g WHERE g.key = ${clientKey}`;
  return row ?? calendarOf(sql, 0);
}
