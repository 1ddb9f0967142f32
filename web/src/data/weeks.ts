import type { Calendar, Range } from "@/range/range";
import { addDays, weekStart } from "@/range/days";
import type { Sql } from "./database";
import { ofClient, reportOf } from "./hours";
import { type Figure, rounded } from "./rounded";

/** A client group (by its key) or an agent. */
export type Whose = { clientKey: number } | { agentId: number };

/**
 * Hours by workday as a table to select from. An agent's come from the engine: the report would ask it for every agent
 * of each day that is not stored.
 */
export function daysOf(sql: Sql, whose: Whose, range: Range) {
  return "agentId" in whose
    ? sql`
        (SELECT h.workday AS day, h.work_seconds
        FROM timesheet.daily_hours(${range.since}::text::date, ${range.until}::text::date, ${whose.agentId}) AS h)`
    : sql`
        (SELECT r.workday AS day, r.work_seconds FROM ${reportOf(sql, range)} AS r
        WHERE r.${ofClient(sql, whose.clientKey)})`;
}

/** The same by week; a client's are the report's own, which are the calendar's. */
function weeksOf(sql: Sql, whose: Whose, range: Range, weekStartsOn: number) {
  return "agentId" in whose
    ? sql`
        (SELECT timesheet.week_start(d.day, ${weekStartsOn}::int) AS week, d.work_seconds
        FROM ${daysOf(sql, whose, range)} AS d)`
    : sql`
        (SELECT r.week_start AS week, r.work_seconds FROM timesheet.weekly_report AS r
        WHERE r.week_start >= ${range.since}::text::date AND r.week_start < ${range.until}::text::date
          AND r.${ofClient(sql, whose.clientKey)})`;
}

export type Week = { since: string; hours: Figure };
/** Full weeks, the oldest first; mean is that of the weeks with hours, or null if none has. */
export type Weeks = { weeks: Week[]; mean: Figure | null };

export const weekCount = 12;

/** The last full weeks before the calendar's current one. */
export async function getWeeks(sql: Sql, whose: Whose, calendar: Calendar): Promise<Weeks> {
  const until = weekStart(calendar.today, calendar.weekStartsOn);
  const range = { since: addDays(until, -7 * weekCount), until, wasShortened: false };
  const rows = await sql<{ since: string; work: number; mean: number | null }[]>`
    SELECT w.week::text AS since, w.work, (round(avg(w.work) FILTER (WHERE w.work > 0) OVER ()))::bigint AS mean
    FROM (
      SELECT w.week, coalesce(sum(r.work_seconds), 0)::bigint AS work
      FROM (SELECT ${range.since}::text::date + 7 * n AS week FROM generate_series(0, ${weekCount - 1}::int) AS n) AS w
      LEFT JOIN ${weeksOf(sql, whose, range, calendar.weekStartsOn)} AS r ON r.week = w.week
      GROUP BY w.week
    ) AS w
    ORDER BY w.week`;
  const mean = rows[0]?.mean ?? null;
  const [hours = [], means = []] = await rounded(
    sql,
    rows.map((row) => row.work),
    [mean ?? 0],
  );
  return {
    weeks: rows.map((row, n) => ({ since: row.since, hours: hours[n] ?? 0 })),
    mean: mean === null ? null : (means[0] ?? 0),
  };
}
