import type { Range } from "@/range/range";
import type { Sql } from "./database";
import { type Hours, hasWorked, reportOf, type Seconds, secondsOf } from "./hours";
import { byName, rounded } from "./rounded";

export type AgentHours = Hours & {
  agentId: number;
  name: string;
  email: string | null;
  status: string | null;
  timeZone: string | null;
  clientKey: number;
  client: string;
  days: number;
  incomplete: number;
};

// Grouped by the agent's key alone, so that a zone is looked up once for each agent and not for each row of hours.
/** All agents with their hours in the range, also those without any. */
export async function getAgentHours(sql: Sql, range: Range): Promise<AgentHours[]> {
  const rows = await sql<(Omit<AgentHours, keyof Hours> & Seconds)[]>`
    SELECT a.agent_id AS "agentId", n.label AS name, a.email, a.status,
      timesheet.time_zone_label(timesheet.usable_time_zone(a.time_zone)) AS "timeZone", g.key AS "clientKey",
      g.label AS client, ${secondsOf(sql)},
      count(DISTINCT r.workday) FILTER (WHERE ${hasWorked(sql)})::int AS days,
      coalesce(sum(r.incomplete_sessions), 0)::int AS incomplete
    FROM timesheet.agents AS a
    JOIN timesheet.agent_labels AS n ON n.agent_id = a.agent_id
    JOIN timesheet.client_group_labels AS g ON g.key = coalesce(a.client_group_id, 0)
    LEFT JOIN ${reportOf(sql, range)} AS r ON r.agent_id = a.agent_id
    GROUP BY a.agent_id, n.label, g.key, g.label
    ORDER BY a.agent_id`;
  const [hours = [], unconfirmed = [], breaks = []] = await rounded(
    sql,
    rows.map((r) => r.work),
    rows.map((r) => r.unconfirmed),
    rows.map((r) => r.breaks),
  );
  return byName(
    rows.map((row, n) => ({ ...row, hours: hours[n] ?? 0, unconfirmed: unconfirmed[n] ?? 0, breaks: breaks[n] ?? 0 })),
  );
}
