import type { Range } from "@/range/range";
import type { Sql } from "./database";
import { ofClient } from "./hours";

export type Note = {
  workday: string;
  code: string;
  agent: string;
  agentId: number | null;
  client: string;
  clientKey: number;
  /** In the agent's zone, which timeZone names. */
  atLocal: string;
  timeZone: string | null;
  atClient: string;
  clientTimeZone: string;
  atUtc: string;
  detail: string;
  /** Null for what Jibble sent without an id. */
  entryId: string | null;
};

/** Everybody's, a client group's (by its key) or an agent's. */
type Of = { clientKey?: number; agentId?: number };

/** A list and its count ask for the same rows. */
function filtersOf(sql: Sql, range: Range, of: Of) {
  return sql`
    n.workday >= ${range.since}::text::date AND n.workday < ${range.until}::text::date
    ${of.clientKey === undefined ? sql`` : sql`AND n.${ofClient(sql, of.clientKey)}`}
    ${of.agentId === undefined ? sql`` : sql`AND n.agent_id = ${of.agentId}`}`;
}

/** The notes of a range, the newest first. */
export async function getNotes(sql: Sql, range: Range, of: Of, limit: number): Promise<Note[]> {
  return sql<Note[]>`
    SELECT n.workday::text AS workday, n.code, coalesce(l.label, '(unknown agent)') AS agent, n.agent_id AS "agentId",
      c.label AS client,
      coalesce(n.client_group_id, 0) AS "clientKey", to_char(n.at_local, 'YYYY-MM-DD HH24:MI') AS "atLocal",
      timesheet.time_zone_label(coalesce(a.time_zone, g.time_zone)) AS "timeZone",
      to_char(n.at AT TIME ZONE g.time_zone, 'YYYY-MM-DD HH24:MI') AS "atClient",
      timesheet.time_zone_label(g.time_zone) AS "clientTimeZone",
      to_char(n.at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS') AS "atUtc", n.detail,
      n.jibble_activity_id::text AS "entryId"
    FROM timesheet.notes AS n
    LEFT JOIN timesheet.agent_names AS a ON a.agent_id = n.agent_id
    LEFT JOIN timesheet.agent_labels AS l ON l.agent_id = n.agent_id
    JOIN timesheet.client_group_names AS g ON g.key = coalesce(n.client_group_id, 0)
    JOIN timesheet.client_group_labels AS c ON c.key = g.key
    WHERE ${filtersOf(sql, range, of)}
    ORDER BY n.workday DESC, n.at DESC, n.code LIMIT ${limit}`;
}

export async function getNoteCounts(sql: Sql, range: Range, of: Of = {}): Promise<{ code: string; count: number }[]> {
  return sql<{ code: string; count: number }[]>`
    SELECT n.code, count(*)::int AS count FROM timesheet.notes AS n
    WHERE ${filtersOf(sql, range, of)}
    GROUP BY n.code ORDER BY count(*) DESC, n.code`;
}
