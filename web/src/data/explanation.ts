import type { Sql } from "./database";

/** A row of timesheet.explain(): hours, session, event, version or run. Times are in the agent's zone. */
export type Reason = {
  part: "hours" | "session" | "event" | "version" | "run";
  at: string | null;
  until: string | null;
  seconds: number | null;
  what: string;
  because: string;
  entryId: string | null;
  rawEventId: number | null;
  payload: string | null;
  runId: number | null;
  timeZone: string;
};

export async function getExplanation(sql: Sql, workday: string, agentId: number): Promise<Reason[]> {
  const at = (column: string) => sql`to_char(x.${sql(column)} AT TIME ZONE z.zone, 'YYYY-MM-DD HH24:MI:SS')`;
  // The function's own order, kept.
  return sql<Reason[]>`
    SELECT x.part, ${at("at")} AS at, ${at("until")} AS until, x.seconds, x.what, x.because,
      x.jibble_activity_id::text AS "entryId",
      x.raw_event_id AS "rawEventId", x.payload::text AS payload, x.ingest_run_id AS "runId",
      timesheet.time_zone_label(z.zone) AS "timeZone"
    FROM (SELECT coalesce(n.time_zone, d.time_zone) AS zone FROM timesheet.agent_names AS n,
      timesheet.client_group_names AS d WHERE n.agent_id = ${agentId} AND d.key = 0 OFFSET 0) AS z
    CROSS JOIN LATERAL timesheet.explain(${workday}::text::date, ${agentId}) AS x`;
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
