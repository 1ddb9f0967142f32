// Hours as the database rounded them: hundredths, whose sums are those of the e-mails.
import type { Sql } from "@/data/database";
import type { Hundredths } from "@/data/rounded";
import type { Visit } from "./visit";
import { daysAround, mondayOf, mondayOfDay } from "./weeks";

export type Hours = {
  /** The Monday of its week. */
  week: string;
  groupId: number;
  group: string;
  agentId: number;
  agent: string;
  activity: string;
  /** Of its name, in the database's order, which breaks ties where hours are rounded. */
  activityPlace: number;
  workSeconds: number;
  unconfirmedSeconds: number;
  hours: Hundredths;
  unconfirmed: Hundredths;
  breaks: Hundredths;
};

export type DayHours = Hours & { day: string };

const figures = (sql: Sql) => sql`
  (r.hours * 100)::bigint AS hours, (r.unconfirmed_hours * 100)::bigint AS unconfirmed,
  (r.break_hours * 100)::bigint AS breaks, r.client_group_id AS "groupId", r.client_group AS group,
  r.agent_id AS "agentId", r.agent, r.activity, dense_rank() OVER (ORDER BY r.activity) AS "activityPlace",
  r.work_seconds AS "workSeconds", r.unconfirmed_seconds AS "unconfirmedSeconds"`;

/** By week, client group, agent and activity; the weeks from first to last. */
export async function getWeeks(sql: Sql, { token }: Visit, first: string, last: string): Promise<Hours[]> {
  const { since, until } = daysAround(first, last);
  const rows = await sql<(Omit<Hours, "week"> & { firstDay: string })[]>`
    SELECT r.week_start::text AS "firstDay", ${figures(sql)}
    FROM timesheet.portal_weekly(${token}::text, ${since}::text::date, ${until}::text::date) AS r
    ORDER BY r.week_start, r.client_group, r.agent, r.activity`;
  return rows
    .map(({ firstDay, ...row }) => ({ week: mondayOf(firstDay), ...row }))
    .filter(({ week }) => week >= first && week <= last);
}

/** A week by day, client group, agent and activity. */
export async function getDays(sql: Sql, { token }: Visit, week: string): Promise<DayHours[]> {
  const { since, until } = daysAround(week, week);
  const rows = await sql<(Omit<DayHours, "week"> & { firstDay: string })[]>`
    SELECT r.workday::text AS day, r.week_start::text AS "firstDay", ${figures(sql)}
    FROM timesheet.portal_daily(${token}::text, ${since}::text::date, ${until}::text::date) AS r
    ORDER BY r.workday, r.client_group, r.agent, r.activity`;
  return rows.map(({ firstDay, ...row }) => ({ week: mondayOf(firstDay), ...row })).filter((row) => row.week === week);
}

/** An agent's day. Times are local, by the client's clock and by the agent's, as 2026-11-17 09:03. */
export type Attendance = {
  day: string;
  agentId: number;
  agent: string;
  groups: string[];
  clockIn: string | null;
  clockOut: string | null;
  timeZone: string;
  agentClockIn: string | null;
  agentClockOut: string | null;
  agentTimeZone: string;
  codes: string;
};

/** A week's days with work or notes. */
export async function getAttendance(sql: Sql, { token, groups }: Visit, week: string): Promise<Attendance[]> {
  const { since, until } = daysAround(week, week);
  const at = (column: string) => sql`to_char(a.${sql(column)}, 'YYYY-MM-DD HH24:MI')`;
  const rows = await sql<(Attendance & { groupId: number })[]>`
    SELECT a.workday::text AS day, a.agent_id AS "agentId", a.agent, to_json(a.client_groups) AS groups,
      ${at("clock_in_client")} AS "clockIn", ${at("clock_out_client")} AS "clockOut",
      a.client_group_time_zone AS "timeZone",
      ${at("clock_in_local")} AS "agentClockIn", ${at("clock_out_local")} AS "agentClockOut",
      a.time_zone AS "agentTimeZone", a.notes AS codes, a.client_group_id AS "groupId"
    FROM timesheet.portal_attendance(${token}::text, ${since}::text::date, ${until}::text::date) AS a
    ORDER BY a.workday, a.agent, a.agent_id`;
  const begins = new Map(groups.map((group) => [group.id, group.weekStartsOn]));
  return rows.filter((row) => mondayOfDay(row.day, begins.get(row.groupId) ?? 1) === week);
}
