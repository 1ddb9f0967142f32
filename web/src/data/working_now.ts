import type { Sql } from "./database";

export type Working = {
  agentId: number;
  agent: string;
  client: string;
  clientKey: number;
  activity: string;
  kind: string;
  /** Since when without a clock-out, breaks included; a break's own start while on one. The day if it is not today. */
  sinceLocal: string;
  timeZone: string;
  /** Of the session. */
  seconds: number;
  /** Since the clock-in. */
  clockedInSeconds: number;
  /** Clocked in for longer than settings.long_session. */
  isOverdue: boolean;
};

/** The last three days' sessions: one lasts at most two. By the database's clock, as all about the present. */
const recentSessions = (sql: Sql) => sql`
  SELECT s.* FROM timesheet.session_log AS s
  WHERE s.workday >= (now() - interval '72 hours')::date AND s.workday <= (now() + interval '48 hours')::date
    AND s.started_at <= now()`;

const agentZone = (sql: Sql) => sql`
  JOIN timesheet.agents AS a ON a.agent_id = s.agent_id
  JOIN timesheet.agent_labels AS l ON l.agent_id = s.agent_id
  JOIN timesheet.client_group_labels AS c ON c.key = coalesce(s.client_group_id, 0)
  JOIN timesheet.client_group_names AS d ON d.key = 0
  CROSS JOIN LATERAL (SELECT coalesce(timesheet.usable_time_zone(a.time_zone), d.time_zone) AS zone OFFSET 0) AS z`;

/** Agents whose last session is still running; one that has not begun yet does not count. */
export async function getWorkingNow(sql: Sql): Promise<Working[]> {
  return sql<Working[]>`
    WITH recent AS MATERIALIZED (${recentSessions(sql)}),
    -- A run of sessions, each ended by the next, since the clock-in: it begins after an end of another kind.
    runs AS (
      SELECT r.*, count(*) FILTER (WHERE r.ends) OVER (PARTITION BY r.agent_id ORDER BY r.started_at,
        r.jibble_activity_id ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS run
      FROM (SELECT r.*, r.end_reason NOT IN ('next_activity', 'break', 'running') AS ends FROM recent AS r) AS r
    ),
    begun AS (SELECT r.*, min(r.started_at) OVER (PARTITION BY r.agent_id, r.run) AS clocked_in_at FROM runs AS r)
    SELECT s.agent_id AS "agentId", l.label AS agent, c.label AS client, coalesce(s.client_group_id, 0) AS "clientKey",
      v.label AS activity, s.kind,
      to_char(f.since AT TIME ZONE z.zone, CASE WHEN (f.since AT TIME ZONE z.zone)::date
        = (now() AT TIME ZONE z.zone)::date THEN 'HH24:MI' ELSE 'Dy HH24:MI' END) AS "sinceLocal",
      timesheet.time_zone_label(z.zone) AS "timeZone", s.seconds,
      floor(extract(epoch FROM now() - s.clocked_in_at))::bigint AS "clockedInSeconds",
      now() - s.clocked_in_at > (SELECT t.long_session FROM timesheet.settings AS t) AS "isOverdue"
    FROM begun AS s
    ${agentZone(sql)}
    JOIN timesheet.activity_labels AS v ON v.key = coalesce(s.activity_id, 0)
    CROSS JOIN LATERAL (
      SELECT CASE s.kind WHEN 'break' THEN s.started_at ELSE s.clocked_in_at END AS since OFFSET 0) AS f
    WHERE s.end_reason = 'running'
    ORDER BY l.label, s.started_at`;
}

/** Work sessions that have no clock-out and never will, of the last two days. */
export type NoClockOut = { id: string; agentId: number; agent: string; client: string; workday: string; since: string };

export async function getNoClockOuts(sql: Sql): Promise<NoClockOut[]> {
  return sql<NoClockOut[]>`
    SELECT s.jibble_activity_id::text AS id, s.agent_id AS "agentId", l.label AS agent, c.label AS client,
      s.workday::text AS workday,
      to_char(s.started_at AT TIME ZONE z.zone, 'HH24:MI') || ' in ' || timesheet.time_zone_label(z.zone) AS since
    FROM (${recentSessions(sql)}) AS s
    ${agentZone(sql)}
    WHERE s.end_reason = 'missing_clock_out' AND s.started_at > now() - interval '48 hours'
    ORDER BY s.started_at DESC, s.agent_id`;
}

/** How long a work session may be before it is thought to lack a clock-out, as 12:00. */
export async function getLongSession(sql: Sql): Promise<string> {
  const [row] = await sql<{ text: string }[]>`
    SELECT to_char(s.long_session, 'FMHH24:MI') AS text FROM timesheet.settings AS s`;
  return row?.text ?? "";
}
