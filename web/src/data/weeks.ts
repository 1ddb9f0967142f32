import type { Calendar } from "@/range/range";
import { addDays, weekStart } from "@/range/days";
import type { Sql } from "./database";
import { ofClient, reportOf } from "./hours";
import { type Hundredths, rounded } from "./rounded";

/** A client group (by its key) or an agent. */
export type Whose = { clientKey: number } | { agentId: number };

export function rowsOf(sql: Sql, whose: Whose) {
  return "agentId" in whose ? sql`r.agent_id = ${whose.agentId}` : sql`r.${ofClient(sql, whose.clientKey)}`;
}

export type Week = { since: string; hours: Hundredths };
/** Full weeks, the oldest first; mean is that of the weeks with hours, or null if none has. */
export type Weeks = { weeks: Week[]; mean: Hundredths | null };

export const weekCount = 12;

/** The last full weeks before the calendar's current one. Each counts the workdays that timesheet.week_start() says. */
export async function getWeeks(sql: Sql, whose: Whose, calendar: Calendar): Promise<Weeks> {
  const until = weekStart(calendar.today, calendar.weekStartsOn);
  const range = { since: addDays(until, -7 * weekCount), until, wasShortened: false };
  const rows = await sql<{ since: string; work: number; mean: number | null }[]>`
    SELECT w.week::text AS since, w.work, (round(avg(w.work) FILTER (WHERE w.work > 0) OVER ()))::bigint AS mean
    FROM (
      SELECT w.week, coalesce(sum(r.work_seconds), 0)::bigint AS work
      FROM (SELECT ${range.since}::text::date + 7 * n AS week FROM generate_series(0, ${weekCount - 1}::int) AS n) AS w
      LEFT JOIN ${reportOf(sql, range)} AS r
        ON timesheet.week_start(r.workday, ${calendar.weekStartsOn}::int) = w.week AND ${rowsOf(sql, whose)}
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
