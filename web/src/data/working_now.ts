import type { Sql } from "./database";

export type Working = {
  agentId: number;
  agent: string;
  client: string;
  clientKey: number;
  activity: string;
  kind: string;
  sinceLocal: string;
  timeZone: string;
  seconds: number;
};

/**
 * Agents whose last session is still running, by the database's clock as everything about the present. A session lasts
 * at most two days, so it began on one of the last three; one that has not begun yet does not count.
 */
export async function getWorkingNow(sql: Sql): Promise<Working[]> {
  return sql<Working[]>`
    SELECT s.agent_id AS "agentId", l.label AS agent, c.label AS client, coalesce(s.client_group_id, 0) AS "clientKey",
      v.label AS activity, s.kind,
      to_char(s.started_at AT TIME ZONE z.zone, 'Dy HH24:MI') AS "sinceLocal",
      timesheet.time_zone_label(z.zone) AS "timeZone", s.seconds
    FROM timesheet.session_log AS s
    JOIN timesheet.agents AS a ON a.agent_id = s.agent_id
    JOIN timesheet.agent_labels AS l ON l.agent_id = s.agent_id
    JOIN timesheet.client_group_labels AS c ON c.key = coalesce(s.client_group_id, 0)
    JOIN timesheet.activity_labels AS v ON v.key = coalesce(s.activity_id, 0)
    JOIN timesheet.client_group_names AS d ON d.key = 0
    CROSS JOIN LATERAL (SELECT coalesce(timesheet.usable_time_zone(a.time_zone), d.time_zone) AS zone OFFSET 0) AS z
    WHERE s.workday >= (now() - interval '72 hours')::date AND s.workday <= (now() + interval '48 hours')::date
      AND s.end_reason = 'running' AND s.started_at <= now()
    ORDER BY l.label, s.started_at`;
}
