import { configuration } from "@/config/configuration";
import { type Calendar, type Range, rangeOf } from "@/range/range";
import type { State } from "@/range/state";
import type { Sql } from "./database";

/** A client group's own calendar; of key 0, which is none, the settings'. */
export async function getCalendar(sql: Sql, clientKey = 0): Promise<Calendar> {
  const now = configuration().now;
  const [row] = await sql<Calendar[]>`
    SELECT (coalesce(${now}::text::timestamptz, now()) AT TIME ZONE g.time_zone)::date::text AS today,
      g.week_starts_on AS "weekStartsOn", timesheet.time_zone_label(g.time_zone) AS "timeZone"
    FROM timesheet.client_group_names AS g WHERE g.key = ${clientKey}`;
  return row ?? getCalendar(sql, 0);
}

/** The days that an address asks for, by the calendar of a client group, and that calendar. */
export async function getCalendarAndRange(
  sql: Sql,
  state: State,
  clientKey = 0,
): Promise<{ calendar: Calendar; range: Range }> {
  const calendar = await getCalendar(sql, clientKey);
  return { calendar, range: rangeOf(state, calendar) };
}
