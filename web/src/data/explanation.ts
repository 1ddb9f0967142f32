import type { Sql } from "./database";

/**
 * A row of timesheet.explain(): hours, session, event, version or run. Times are in the zone that the agent worked in,
 * in the client's and in UTC, as text: 2026-11-17 09:03:25.
 */
export type Reason = {
  part: "hours" | "session" | "event" | "version" | "run";
  at: string | null;
  until: string | null;
  atClient: string | null;
  untilClient: string | null;
  atUtc: string | null;
  untilUtc: string | null;
  seconds: number | null;
  what: string;
  because: string;
  entryId: string | null;
  rawEventId: number | null;
  payload: string | null;
  /** The day, in UTC, on which the payload was reduced to what hours are made of; null: it is as it was received. */
  reducedOn: string | null;
  runId: number | null;
  timeZone: string;
  clientTimeZone: string;
};

export async function getExplanation(sql: Sql, workday: string, agentId: number): Promise<Reason[]> {
  const at = (column: string, zone: string) =>
    sql`to_char(x.${sql(column)} AT TIME ZONE ${zone === "utc" ? sql`'UTC'` : sql`z.${sql(zone)}`},
      'YYYY-MM-DD HH24:MI:SS')`;
  // The function's own order, kept.
  return sql<Reason[]>`
    SELECT x.part, ${at("at", "agent")} AS at, ${at("until", "agent")} AS until,
      ${at("at", "client")} AS "atClient", ${at("until", "client")} AS "untilClient",
      ${at("at", "utc")} AS "atUtc", ${at("until", "utc")} AS "untilUtc", x.seconds, x.what, x.because,
      x.jibble_activity_id::text AS "entryId",
      x.raw_event_id AS "rawEventId", x.payload::text AS payload, x.ingest_run_id AS "runId",
      to_char(r.reduced_at AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS "reducedOn",
      timesheet.time_zone_label(z.agent) AS "timeZone", timesheet.time_zone_label(z.client) AS "clientTimeZone"
    FROM timesheet.explain(${workday}::text::date, ${agentId}) WITH ORDINALITY
      AS x (part, at, until, seconds, what, because, jibble_activity_id, raw_event_id, payload, ingest_run_id, n)
    LEFT JOIN timesheet.raw_events AS r ON x.part = 'version' AND r.raw_event_id = x.raw_event_id
    -- The zones of that time, as the entry has them; where there is no entry, those of now.
    LEFT JOIN timesheet.time_entries AS e ON e.jibble_activity_id = x.jibble_activity_id
    JOIN timesheet.agents AS w ON w.agent_id = ${agentId}
    JOIN timesheet.agent_names AS a ON a.agent_id = w.agent_id
    JOIN timesheet.client_group_names AS g
      ON g.key = coalesce(CASE WHEN e.jibble_activity_id IS NULL THEN w.client_group_id ELSE e.client_group_id END, 0)
    JOIN timesheet.client_group_names AS d ON d.key = 0
    CROSS JOIN LATERAL (
      SELECT coalesce(timesheet.usable_time_zone(e.time_zone), a.time_zone, d.time_zone) AS agent, g.time_zone AS client
      OFFSET 0
    ) AS z
    ORDER BY x.n`;
}

export type EntryAt = {
  id: string;
  workday: string;
  agentId: number;
  agent: string;
  client: string;
  atLocal: string;
  timeZone: string;
  type: string;
  deletedAt: string | null;
};

export async function getEntry(sql: Sql, id: string): Promise<EntryAt | null> {
  const [row] = await sql<EntryAt[]>`
    SELECT e.jibble_activity_id::text AS id, e.workday::text AS workday, e.agent_id AS "agentId", a.label AS agent,
      g.label AS client,
      to_char(e.start_time_utc AT TIME ZONE z.zone, 'YYYY-MM-DD HH24:MI:SS') AS "atLocal",
      timesheet.time_zone_label(z.zone) AS "timeZone",
      coalesce(e.raw_type, '(no type)') AS type,
      to_char(e.deleted_at AT TIME ZONE z.zone, 'YYYY-MM-DD HH24:MI') AS "deletedAt"
    FROM timesheet.time_entries AS e
    JOIN timesheet.agent_labels AS a ON a.agent_id = e.agent_id
    JOIN timesheet.client_group_labels AS g ON g.key = coalesce(e.client_group_id, 0)
    CROSS JOIN LATERAL (SELECT coalesce(timesheet.usable_time_zone(e.time_zone), 'UTC') AS zone OFFSET 0) AS z
    WHERE e.jibble_activity_id = ${id}::text::uuid`;
  return row ?? null;
}
