import type { Range } from "@/range/range";
import type { Sql } from "./database";
import { hasWorked, reportOf } from "./hours";
import { type Figure, rounded } from "./rounded";

export type Agent = {
  agentId: number;
  /** Jibble's id of the person. */
  jibbleId: string | null;
  name: string;
  email: string | null;
  status: string | null;
  timeZone: string;
  clientKey: number;
  client: string;
  clientTimeZone: string;
};

export async function getAgent(sql: Sql, agentId: number): Promise<Agent | null> {
  const [row] = await sql<Agent[]>`
    SELECT a.agent_id AS "agentId", a.jibble_id::text AS "jibbleId", l.label AS name, a.email, a.status,
      timesheet.time_zone_label(coalesce(n.time_zone, d.time_zone)) AS "timeZone",
      g.key AS "clientKey", c.label AS client, timesheet.time_zone_label(g.time_zone) AS "clientTimeZone"
    FROM timesheet.agents AS a
    JOIN timesheet.agent_names AS n ON n.agent_id = a.agent_id
    JOIN timesheet.agent_labels AS l ON l.agent_id = a.agent_id
    JOIN timesheet.client_group_names AS g ON g.key = coalesce(a.client_group_id, 0)
    JOIN timesheet.client_group_labels AS c ON c.key = g.key
    JOIN timesheet.client_group_names AS d ON d.key = 0
    WHERE a.agent_id = ${agentId}`;
  return row ?? null;
}

/** A workday: local times are texts such as 2026-11-17 09:03, in the agent's zone and in the client's. */
export type Day = {
  workday: string;
  clockInLocal: string | null;
  clockOutLocal: string | null;
  clockInClient: string | null;
  clockOutClient: string | null;
  lastLocal: string | null;
  timeZone: string;
  clientTimeZone: string;
  client: string;
  clientKey: number;
  hours: Figure;
  breaks: Figure;
  notes: string;
};

export async function getAgentDays(sql: Sql, agentId: number, range: Range): Promise<Day[]> {
  const clock = (column: string) => sql`to_char(t.${sql(column)}, 'YYYY-MM-DD HH24:MI')`;
  const rows = await sql<(Omit<Day, "hours" | "breaks"> & { work: number; rest: number })[]>`
    SELECT t.workday::text AS workday, ${clock("clock_in_local")} AS "clockInLocal",
      ${clock("clock_out_local")} AS "clockOutLocal",
      ${clock("clock_in_client")} AS "clockInClient", ${clock("clock_out_client")} AS "clockOutClient",
      ${clock("last_activity_local")} AS "lastLocal",
      timesheet.time_zone_label(t.time_zone) AS "timeZone",
      timesheet.time_zone_label(t.client_group_time_zone) AS "clientTimeZone",
      coalesce(h.clients, l.label) AS client,
      coalesce(t.client_group_id, 0) AS "clientKey", t.work_seconds AS work, t.break_seconds AS rest, t.notes
    FROM timesheet.attendance AS t
    JOIN timesheet.client_group_labels AS l ON l.key = coalesce(t.client_group_id, 0)
    -- All that got hours of the day, as t.client_groups has them by name.
    LEFT JOIN (
      SELECT r.workday, string_agg(DISTINCT l.label, ', ' ORDER BY l.label) AS clients
      FROM ${reportOf(sql, range)} AS r
      JOIN timesheet.client_group_labels AS l ON l.key = coalesce(r.client_group_id, 0)
      WHERE r.agent_id = ${agentId} GROUP BY r.workday
    ) AS h ON h.workday = t.workday
    WHERE t.agent_id = ${agentId} AND t.workday >= ${range.since}::text::date AND t.workday < ${range.until}::text::date
    ORDER BY t.workday`;
  const [hours = [], breaks = []] = await rounded(
    sql,
    rows.map((r) => r.work),
    rows.map((r) => r.rest),
  );
  return rows.map((row, n) => ({ ...row, hours: hours[n] ?? 0, breaks: breaks[n] ?? 0 }));
}

export async function getDaysWorked(sql: Sql, agentId: number, range: Range): Promise<number> {
  const [row] = await sql<{ days: number }[]>`
    SELECT count(DISTINCT r.workday)::int AS days FROM ${reportOf(sql, range)} AS r
    WHERE r.agent_id = ${agentId} AND ${hasWorked(sql)}`;
  return row?.days ?? 0;
}

/**
 * A session with the seconds from its workday's midnight to its start and its end,
 * in the agent's local time and in the client's.
 */
export type Session = {
  id: string;
  workday: string;
  kind: "work" | "break";
  activity: string;
  client: string;
  endReason: string;
  isComplete: boolean;
  isUnconfirmed: boolean;
  seconds: number;
  timeZone: string;
  clientTimeZone: string;
  fromAgentMidnight: number;
  fromClientMidnight: number;
  untilAgentMidnight: number;
  untilClientMidnight: number;
  startedLocal: string;
  endedLocal: string;
  startedClient: string;
  endedClient: string;
};

export async function getSessions(sql: Sql, agentId: number, range: Range): Promise<Session[]> {
  return sql<Session[]>`
    SELECT s.jibble_activity_id::text AS id, s.workday::text AS workday, s.kind, v.label AS activity, c.label AS client,
      s.end_reason AS "endReason", s.is_complete AS "isComplete", s.seconds,
      s.kind = 'work' AND timesheet.is_unconfirmed(s.end_reason::timesheet.end_reason) AS "isUnconfirmed",
      extract(epoch FROM (s.started_at AT TIME ZONE z.zone) - s.workday::timestamp)::int AS "fromAgentMidnight",
      extract(epoch FROM (s.started_at AT TIME ZONE g.time_zone) - s.workday::timestamp)::int AS "fromClientMidnight",
      extract(epoch FROM (s.ended_at AT TIME ZONE z.zone) - s.workday::timestamp)::int AS "untilAgentMidnight",
      extract(epoch FROM (s.ended_at AT TIME ZONE g.time_zone) - s.workday::timestamp)::int AS "untilClientMidnight",
      timesheet.time_zone_label(z.zone) AS "timeZone", timesheet.time_zone_label(g.time_zone) AS "clientTimeZone",
      to_char(s.started_at AT TIME ZONE z.zone, 'YYYY-MM-DD HH24:MI') AS "startedLocal",
      to_char(s.ended_at AT TIME ZONE z.zone, 'YYYY-MM-DD HH24:MI') AS "endedLocal",
      to_char(s.started_at AT TIME ZONE g.time_zone, 'YYYY-MM-DD HH24:MI') AS "startedClient",
      to_char(s.ended_at AT TIME ZONE g.time_zone, 'YYYY-MM-DD HH24:MI') AS "endedClient"
    FROM timesheet.session_log AS s
    JOIN timesheet.client_group_names AS g ON g.key = coalesce(s.client_group_id, 0)
    JOIN timesheet.client_group_labels AS c ON c.key = g.key
    JOIN timesheet.activity_labels AS v ON v.key = coalesce(s.activity_id, 0)
    -- The zone the agent worked in then, as the entry has it.
    LEFT JOIN timesheet.time_entries AS e ON e.jibble_activity_id = s.jibble_activity_id
    JOIN timesheet.agent_names AS a ON a.agent_id = s.agent_id
    JOIN timesheet.client_group_names AS d ON d.key = 0
    CROSS JOIN LATERAL (SELECT coalesce(timesheet.usable_time_zone(e.time_zone), a.time_zone, d.time_zone)
      AS zone OFFSET 0) AS z
    WHERE s.agent_id = ${agentId} AND s.workday >= ${range.since}::text::date AND s.workday < ${range.until}::text::date
    ORDER BY s.started_at, s.jibble_activity_id`;
}
