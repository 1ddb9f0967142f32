import { configuration } from "@/config/configuration";
import type { Calendar } from "@/range/range";
import { addDays } from "@/range/days";
import type { Sql } from "./database";
import { reportOf } from "./hours";
import { byName, type Figure, rounded } from "./rounded";

export const usualOf = { weeks: 8, atLeast: 3, percent: 10 } as const;

/** over and under: by more than usualOf.percent; new: too few weeks with hours for a usual one. */
export type Verdict = "over" | "under" | "usual" | "new";

export type UsualWeek = {
  agentId: number;
  name: string;
  status: string | null;
  clientKey: number;
  client: string;
  week: string;
  hours: Figure;
  /** The median of the weeks with hours, or null if they are too few. */
  usual: Figure | null;
  weeks: number;
  verdict: Verdict;
};

/** Each agent's week that holds the day, at the latest the last full one, by the calendar of the current client. */
function weeksOf(sql: Sql, day: string | null) {
  const now = configuration().now;
  return sql`
    SELECT a.agent_id, a.status, g.key, g.week_starts_on, least(
      timesheet.week_start(${day}::text::date, g.week_starts_on),
      timesheet.week_start((coalesce(${now}::text::timestamptz, now()) AT TIME ZONE g.time_zone)::date,
        g.week_starts_on) - 7) AS week
    FROM timesheet.agents AS a JOIN timesheet.client_group_names AS g ON g.key = coalesce(a.client_group_id, 0)`;
}

/**
 * Agents' hours in one full week, and the median of those of the full weeks before it in which they have hours. All of
 * an agent's hours count, whichever client they were for.
 */
export async function getUsualWeeks(sql: Sql, calendar: Calendar, day: string | null): Promise<UsualWeek[]> {
  // The agents' weeks begin on different days, in different zones: what is read holds them all.
  const about = day !== null && day < calendar.today ? day : calendar.today;
  const range = { since: addDays(about, -7 * usualOf.weeks - 16), until: addDays(about, 9), wasShortened: false };
  const rows = await sql<(Omit<UsualWeek, "hours" | "usual"> & { work: number; median: number | null })[]>`
    WITH agents AS MATERIALIZED (${weeksOf(sql, day)}),
    sums AS (
      SELECT a.agent_id, (a.week - timesheet.week_start(r.workday, a.week_starts_on)) / 7 AS ago,
        sum(r.work_seconds) AS work
      FROM agents AS a JOIN ${reportOf(sql, range)} AS r ON r.agent_id = a.agent_id
      GROUP BY 1, 2
    ),
    usual AS (
      SELECT s.agent_id, count(*)::int AS weeks,
        round(percentile_cont(0.5) WITHIN GROUP (ORDER BY s.work::float8))::bigint AS median
      FROM sums AS s WHERE s.ago BETWEEN 1 AND ${usualOf.weeks}::int AND s.work > 0 GROUP BY s.agent_id
    )
    SELECT a.agent_id AS "agentId", n.label AS name, a.status, a.key AS "clientKey", c.label AS client,
      a.week::text AS week, coalesce(s.work, 0)::bigint AS work, coalesce(u.weeks, 0) AS weeks,
      CASE WHEN u.weeks >= ${usualOf.atLeast}::int THEN u.median END AS median,
      CASE WHEN u.weeks IS NULL OR u.weeks < ${usualOf.atLeast}::int THEN 'new'
        WHEN coalesce(s.work, 0) * 100 > u.median * ${100 + usualOf.percent}::int THEN 'over'
        WHEN coalesce(s.work, 0) * 100 < u.median * ${100 - usualOf.percent}::int THEN 'under'
        ELSE 'usual' END AS verdict
    FROM agents AS a
    JOIN timesheet.agent_labels AS n ON n.agent_id = a.agent_id
    JOIN timesheet.client_group_labels AS c ON c.key = a.key
    LEFT JOIN sums AS s ON s.agent_id = a.agent_id AND s.ago = 0
    LEFT JOIN usual AS u ON u.agent_id = a.agent_id
    ORDER BY a.agent_id`;
  const [hours = [], medians = []] = await rounded(
    sql,
    rows.map((row) => row.work),
    rows.map((row) => row.median ?? 0),
  );
  return byName(
    rows.map((row, n) => ({
      ...row,
      hours: hours[n] ?? 0,
      usual: row.median === null ? null : (medians[n] ?? 0),
    })),
  );
}
