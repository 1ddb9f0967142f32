// What staff changed, and the corrections of what Jibble shows.
import type { Sql } from "./database";
import { officeTime } from "./time";

export type StaffAction = {
  id: number;
  at: string;
  actor: string;
  action: string;
  arguments: Readonly<Record<string, unknown>>;
  result: unknown;
  /** The names of those in its arguments. */
  agent: string | null;
  client: string | null;
};

function selectActions(sql: Sql) {
  return sql`
    SELECT o.operator_action_id AS id, ${officeTime(sql, sql`o.at`)} AS at, o.actor, o.action, o.arguments, o.result,
      a.label AS agent, c.label AS client
    FROM timesheet.operator_actions AS o
    LEFT JOIN timesheet.agent_labels AS a ON a.agent_id::text = o.arguments ->> 'for_agent'
    LEFT JOIN timesheet.client_group_labels AS c ON c.key <> 0
      AND c.key::text = coalesce(o.arguments ->> 'for_client_group', o.arguments ->> 'client_group')`;
}

/** The newest first, one row more than a page has. */
export async function getStaffActions(sql: Sql, page: number, size: number): Promise<StaffAction[]> {
  return sql<StaffAction[]>`
    ${selectActions(sql)} ORDER BY o.operator_action_id DESC LIMIT ${size + 1} OFFSET ${(page - 1) * size}`;
}

/** For the export, which has all of them: their ids, and the rows of some. */
export async function getStaffActionIds(sql: Sql): Promise<number[]> {
  const rows = await sql<{ id: number }[]>`
    SELECT o.operator_action_id AS id FROM timesheet.operator_actions AS o ORDER BY o.operator_action_id DESC`;
  return rows.map((row) => row.id);
}

export async function getStaffActionsById(sql: Sql, ids: readonly number[]): Promise<StaffAction[]> {
  return sql<StaffAction[]>`
    ${selectActions(sql)} WHERE o.operator_action_id = ANY (string_to_array(${ids.join(",")}, ',')::bigint[])`;
}

/** What was done for this form; null: nothing. */
export async function getActionOf(sql: Sql, request: string): Promise<StaffAction | null> {
  const [row] = await sql<StaffAction[]>`${selectActions(sql)} WHERE o.request = ${request}::text::uuid`;
  return row ?? null;
}

export type Correction = {
  id: number;
  what: string;
  actor: string | null;
  createdAt: string;
  revokedAt: string | null;
};

function selectCorrections(sql: Sql) {
  const zone = sql`coalesce(n.time_zone, (SELECT g.time_zone FROM timesheet.client_group_names AS g WHERE g.key = 0))`;
  return sql`
    SELECT c.correction_id AS id, CASE c.kind
        WHEN 'client_group' THEN format('%s works for %s from %s on', coalesce(a.label, 'an agent'),
          coalesce(k.label, 'a client'), CASE WHEN isfinite(c.since) THEN
            to_char(c.since AT TIME ZONE ${zone}, 'FMDD Mon YYYY, HH24:MI') || ' (' ||
            timesheet.time_zone_label(${zone}) || ')' ELSE 'the beginning' END)
        ELSE format('%s from %s on: %s', coalesce(a.label, 'all agents of ' || k.label),
          to_char(c.since_date, 'FMDD Mon YYYY'), concat_ws(', ',
          'working zone ' || timesheet.time_zone_label(c.time_zone),
          'a day ends at ' || to_char(c.day_cutoff, 'HH24:MI'))) END AS what,
      c.actor, ${officeTime(sql, sql`c.created_at`)} AS "createdAt",
      ${officeTime(sql, sql`c.revoked_at`)} AS "revokedAt"
    FROM timesheet.corrections AS c
    LEFT JOIN timesheet.agent_names AS n ON n.agent_id = c.agent_id
    LEFT JOIN timesheet.agent_labels AS a ON a.agent_id = c.agent_id
    LEFT JOIN timesheet.client_group_labels AS k ON k.key = c.client_group_id`;
}

/** The newest first, one row more than a page has. */
export async function getCorrections(sql: Sql, page: number, size: number): Promise<Correction[]> {
  return sql<Correction[]>`
    ${selectCorrections(sql)} ORDER BY c.correction_id DESC LIMIT ${size + 1} OFFSET ${(page - 1) * size}`;
}

export async function getCorrectionIds(sql: Sql): Promise<number[]> {
  const rows = await sql<{ id: number }[]>`
    SELECT c.correction_id AS id FROM timesheet.corrections AS c ORDER BY c.correction_id DESC`;
  return rows.map((row) => row.id);
}

export async function getCorrectionsById(sql: Sql, ids: readonly number[]): Promise<Correction[]> {
  return sql<Correction[]>`
    ${selectCorrections(sql)} WHERE c.correction_id = ANY (string_to_array(${ids.join(",")}, ',')::bigint[])`;
}

export async function getCorrection(sql: Sql, id: number): Promise<Correction | null> {
  const [row] = await sql<Correction[]>`${selectCorrections(sql)} WHERE c.correction_id = ${id}`;
  return row ?? null;
}
