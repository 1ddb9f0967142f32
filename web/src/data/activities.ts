import type { Range } from "@/range/range";
import type { Sql } from "./database";
import { hasWorked, ofClient, reportOf, type Seconds, secondsOf } from "./hours";
import { byName, type Hundredths, rounded } from "./rounded";

export type ActivityHours = {
  key: number;
  name: string;
  code: string | null;
  hours: Hundredths;
  unconfirmed: Hundredths;
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
    SELECT coalesce(r.activity_id, 0) AS key, r.activity AS name, v.code, ${secondsOf(sql)},
      count(DISTINCT r.agent_id) FILTER (WHERE ${hasWorked(sql)})::int AS agents,
      count(DISTINCT coalesce(r.client_group_id, 0)) FILTER (WHERE ${hasWorked(sql)})::int AS clients,
      sum(r.sessions)::int AS sessions
    FROM ${reportOf(sql, range)} AS r JOIN timesheet.activity_names AS v ON v.key = coalesce(r.activity_id, 0)
    WHERE true ${of.clientKey === undefined ? sql`` : sql`AND r.${ofClient(sql, of.clientKey)}`}
      ${of.agentId === undefined ? sql`` : sql`AND r.agent_id = ${of.agentId}`}
    GROUP BY coalesce(r.activity_id, 0), r.activity, v.code
    -- Breaks alone are no work on the activity.
    HAVING bool_or(${hasWorked(sql)})
    ORDER BY coalesce(r.activity_id, 0)`;
  const [hours = [], unconfirmed = []] = await rounded(
    sql,
    rows.map((r) => r.work),
    rows.map((r) => r.unconfirmed),
  );
  return byName(rows.map((row, n) => ({ ...row, hours: hours[n] ?? 0, unconfirmed: unconfirmed[n] ?? 0 })));
}
