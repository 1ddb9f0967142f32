import type { Sql } from "./database";

type Fragment = ReturnType<Sql>;

/** The zone of the agency's staff, who use the dashboard: client_group_names has it under key 0. */
function officeZone(sql: Sql) {
  return sql`(SELECT z.time_zone FROM timesheet.client_group_names AS z WHERE z.key = 0)`;
}

/** An instant as text, 2026-11-23 03:05, in the office's zone; where it is shown, that is named (calendar.timeZone). */
export function officeTime(sql: Sql, instant: Fragment) {
  return sql`to_char(${instant} AT TIME ZONE ${officeZone(sql)}, 'YYYY-MM-DD HH24:MI')`;
}

/** The instant at which a day begins in the office. */
export function officeMidnight(sql: Sql, day: string) {
  return sql`(${day}::text::timestamp AT TIME ZONE ${officeZone(sql)})`;
}
