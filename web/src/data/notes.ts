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
  atLocal: string;
  detail: string;
  /** Null for what Jibble sent without an id. */
  entryId: string | null;
};

/** Everybody's, a client group's (by its key) or an agent's. */
type Of = { clientKey?: number; agentId?: number };

/** A list and its count ask for the same rows. */
function asked(sql: Sql, range: Range, of: Of) {
  return sql`
    n.workday >= ${range.since}::text::date AND n.workday < ${range.until}::text::date
    ${of.clientKey === undefined ? sql`` : sql`AND n.${ofClient(sql, of.clientKey)}`} ${of.agentId === undefined ? sql`` : sql`AND n.agent_id = ${of.agentId}`}`;
}

/** What a person should know of a range, the newest first. */
export async function getNotes(sql: Sql, range: Range, of: Of, most: number): Promise<Note[]> {
  return sql<Note[]>`
    SELECT n.workday::text AS workday, n.code, coalesce(n.agent, '(unknown agent)') AS agent, n.agent_id AS "agentId", n.client_group AS client,
      coalesce(n.client_group_id, 0) AS "clientKey", to_char(n.at_local, 'YYYY-MM-DD HH24:MI') AS "atLocal", n.detail, n.jibble_activity_id::text AS "entryId"
    FROM timesheet.notes AS n
    WHERE ${asked(sql, range, of)}
    ORDER BY n.workday DESC, n.at DESC, n.code LIMIT ${most}`;
}

export async function getNoteCounts(sql: Sql, range: Range, of: Of = {}): Promise<{ code: string; count: number }[]> {
  return sql<{ code: string; count: number }[]>`
    SELECT n.code, count(*)::int AS count FROM timesheet.notes AS n
    WHERE ${asked(sql, range, of)}
    GROUP BY n.code ORDER BY count(*) DESC, n.code`;
}
