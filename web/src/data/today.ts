import { configuration } from "@/config/configuration";
import { addDays, weekStart } from "@/range/days";
import type { Calendar } from "@/range/range";
import type { Sql } from "./database";
import { type Figure, rounded } from "./rounded";
import { officeTime } from "./time";

export type TodayDay = { day: string; hours: Figure; previous: Figure };

/** This week and last week up to the same moment of the week, by the office's clock; times are the office's. */
export type Today = {
  moment: string;
  previousMoment: string;
  since: string;
  days: TodayDay[];
  hours: Figure;
  previous: Figure;
};

/** Now, and a week earlier by the clock on the wall, so that a change of clocks between them moves neither. */
function moments(sql: Sql) {
  const now = configuration().now;
  return sql`
    SELECT n.moment, ((n.moment AT TIME ZONE z.time_zone) - interval '7 days') AT TIME ZONE z.time_zone AS previous,
      (n.moment AT TIME ZONE z.time_zone)::date AS today
    FROM (SELECT coalesce(${now}::text::timestamptz, now()) AS moment) AS n
    CROSS JOIN timesheet.client_group_names AS z WHERE z.key = 0`;
}

/**
 * The engine's sessions up to a moment: of one that goes on after it, the part before. Hours without a session (R10)
 * count with their date, as nothing says when on it they were worked.
 */
export async function getToday(sql: Sql, calendar: Calendar): Promise<Today> {
  const since = weekStart(calendar.today, calendar.weekStartsOn);
  const first = addDays(since, -7);
  const until = addDays(since, 7);
  const rows = await sql<{ day: string; work: number; moment: string; previous: string }[]>`
    WITH m AS MATERIALIZED (${moments(sql)})
    SELECT d.day::text AS day, ${officeTime(sql, sql`m.moment`)} AS moment,
      ${officeTime(sql, sql`m.previous`)} AS previous, (coalesce(s.work, 0) + coalesce(h.work, 0))::bigint AS work
    FROM m
    CROSS JOIN (SELECT ${first}::text::date + n AS day FROM generate_series(0, 13) AS n) AS d
    LEFT JOIN (
      SELECT s.workday, sum(least(s.seconds, floor(extract(epoch FROM e.moment - s.started_at))::bigint)) AS work
      FROM timesheet.session_log AS s CROSS JOIN m
      CROSS JOIN LATERAL (
        SELECT CASE WHEN s.workday < ${since}::text::date THEN m.previous ELSE m.moment END AS moment OFFSET 0) AS e
      WHERE s.workday >= ${first}::text::date AND s.workday < ${until}::text::date AND s.kind = 'work'
        AND s.started_at < e.moment
      GROUP BY s.workday
    ) AS s ON s.workday = d.day
    LEFT JOIN (
      SELECT r.workday, sum(r.manual_seconds) AS work FROM timesheet.daily_report AS r CROSS JOIN m
      WHERE r.workday >= ${first}::text::date AND r.workday < ${until}::text::date
        AND r.workday <= CASE WHEN r.workday < ${since}::text::date THEN m.today - 7 ELSE m.today END
      GROUP BY r.workday
    ) AS h ON h.workday = d.day
    ORDER BY d.day`;
  const [previous = [], hours = []] = await rounded(
    sql,
    rows.slice(0, 7).map((row) => row.work),
    rows.slice(7).map((row) => row.work),
  );
  const sum = (cells: readonly Figure[]) => cells.reduce((total, cell) => total + cell, 0);
  return {
    moment: rows[0]?.moment ?? "",
    previousMoment: rows[0]?.previous ?? "",
    since,
    days: hours.map((cell, n) => ({ day: addDays(since, n), hours: cell, previous: previous[n] ?? 0 })),
    hours: sum(hours),
    previous: sum(previous),
  };
}
