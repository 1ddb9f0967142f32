import type { Range } from "@/range/range";
import type { Sql } from "./database";
import { hasWorked, ofClient, reportOf, type Seconds, secondsOf } from "./hours";
import { byName, type Figure, rounded } from "./rounded";

export type ActivityHours = {
  key: number;
  name: string;
  code: string | null;
  hours: Figure;
  unconfirmed: Figure;
  agents: number;
  clients: number;
  sessions: number;
};

/** Hours by activity, of everybody, a client group (by its key) or an agent. */
export async function getActivityHours(
  sql: Sql,
  range: Range,
  of: { clientKey?: number; agentId?: number } = {},
): Promise<ActivityHours[]> {
  const rows = await sql<(Omit<ActivityHours, "hours" | "unconfirmed"> & Seconds)[]>`
    SELECT r.*, l.label AS name, v.code
    FROM (
      SELECT coalesce(r.activity_id, 0) AS key, ${secondsOf(sql)},
        count(DISTINCT r.agent_id) FILTER (WHERE ${hasWorked(sql)})::int AS agents,
        count(DISTINCT coalesce(r.client_group_id, 0)) FILTER (WHERE ${hasWorked(sql)})::int AS clients,
        sum(r.sessions)::int AS sessions
      FROM ${reportOf(sql, range)} AS r
      WHERE true ${of.clientKey === undefined ? sql`` : sql`AND r.${ofClient(sql, of.clientKey)}`}
        ${of.agentId === undefined ? sql`` : sql`AND r.agent_id = ${of.agentId}`}
      GROUP BY coalesce(r.activity_id, 0)
      -- Breaks alone are no work on the activity.
      HAVING bool_or(${hasWorked(sql)})
    ) AS r
    JOIN timesheet.activity_names AS v ON v.key = r.key
    JOIN timesheet.activity_labels AS l ON l.key = r.key
    ORDER BY r.key`;
  const [hours = [], unconfirmed = []] = await rounded(
    sql,
    rows.map((r) => r.work),
    rows.map((r) => r.unconfirmed),
  );
  return byName(rows.map((row, n) => ({ ...row, hours: hours[n] ?? 0, unconfirmed: unconfirmed[n] ?? 0 })));
}
