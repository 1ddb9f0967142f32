import { configuration } from "@/config/configuration";
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

/** Whose last session runs still. A session lasts two days at most, so it began on one of the last three. */
export async function workingNow(sql: Sql): Promise<Working[]> {
  const now = configuration().now;
  const running = now
    ? sql`(SELECT s.*, a.name AS agent, g.name AS client_group, v.name AS activity
           FROM timesheet.sessions((${now}::text::timestamptz - interval '72 hours')::date, (${now}::text::timestamptz + interval '48 hours')::date, as_of => ${now}::text::timestamptz) AS s
           JOIN timesheet.agent_names AS a ON a.agent_id = s.agent_id
           JOIN timesheet.client_group_names AS g ON g.key = coalesce(s.client_group_id, 0)
           JOIN timesheet.activity_names AS v ON v.key = coalesce(s.activity_id, 0)
           WHERE s.started_at <= ${now}::text::timestamptz)`
    : sql`(SELECT * FROM timesheet.session_log AS l WHERE l.workday >= (now() - interval '72 hours')::date AND l.workday <= (now() + interval '48 hours')::date)`;
  return sql<Working[]>`
    SELECT s.agent_id AS "agentId", s.agent, s.client_group AS client, coalesce(s.client_group_id, 0) AS "clientKey", s.activity, s.kind,
      to_char(s.started_at AT TIME ZONE z.zone, 'Dy HH24:MI') AS "sinceLocal", z.zone AS "timeZone", s.seconds
    FROM ${running} AS s
    JOIN timesheet.agents AS a ON a.agent_id = s.agent_id
    JOIN timesheet.client_group_names AS d ON d.key = 0
    CROSS JOIN LATERAL (SELECT coalesce(a.time_zone, d.time_zone) AS zone) AS z
    WHERE s.end_reason = 'running' ORDER BY s.agent, s.started_at`;
}
