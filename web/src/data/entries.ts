import { isDay } from "@/range/days";
import type { Range } from "@/range/range";
import { idOf, type State } from "@/range/state";
import type { Sql } from "./database";
import { contains, wordsOf } from "./search";
import { officeTime } from "./time";

export type Entry = {
  id: string;
  /** The instant in UTC to the microsecond: with the id it is where the next page begins. */
  at: string;
  atLocal: string;
  timeZone: string | null;
  workday: string;
  agentId: number;
  agent: string;
  clientKey: number;
  client: string;
  activity: string;
  type: string;
  by: string | null;
  deletedAt: string | null;
  /** The session it opened, if any. */
  kind: string | null;
  seconds: number | null;
  endReason: string | null;
};

export type EntryKey = { at: string; id: string };

export const entryTypes = ["In", "Out", "StartBreak"] as const;

const keyPattern = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z)_([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

export function keyOf(text: string | undefined): EntryKey | null {
  const parts = keyPattern.exec(text ?? "");
  return parts?.[1] && parts[2] && isDay(parts[1].slice(0, 10)) && !Number.isNaN(Date.parse(parts[1]))
    ? { at: parts[1], id: parts[2] }
    : null;
}

export function keyText(entry: EntryKey): string {
  return `${entry.at}_${entry.id}`;
}

export function isOldestFirst(state: State): boolean {
  return state.sort === "at";
}

type Fragment = ReturnType<Sql>;

/** Which group or activity: null is any, 0 none. */
function keyIs(sql: Sql, column: Fragment, key: number | null): Fragment {
  if (key === null) return sql``;
  return key === 0 ? sql`AND ${column} IS NULL` : sql`AND ${column} = ${key}`;
}

function typeIs(sql: Sql, type: string | undefined): Fragment {
  if (!type) return sql``;
  return type === "other"
    ? sql`AND (e.raw_type IS NULL OR e.raw_type NOT IN ('In', 'Out', 'StartBreak'))`
    : sql`AND e.raw_type = ${type}`;
}

function isDeleted(sql: Sql, deleted: string | undefined): Fragment {
  if (deleted === "only") return sql`AND e.deleted_at IS NOT NULL`;
  return deleted === "without" ? sql`AND e.deleted_at IS NULL` : sql``;
}

/** One page: up to limit entries after the key, in the order and by the filters of the state. */
export async function getEntries(
  sql: Sql,
  range: Range,
  state: State,
  after: EntryKey | null,
  limit: number,
): Promise<Entry[]> {
  const agentId = idOf(state.agent);
  const clientKey = idOf(state.client);
  const activityKey = idOf(state.activity);
  const type = state.type;
  const key = sql`(e.start_time_utc, e.jibble_activity_id)`;
  const order = isOldestFirst(state)
    ? sql`e.start_time_utc, e.jibble_activity_id`
    : sql`e.start_time_utc DESC, e.jibble_activity_id DESC`;
  const given = after && sql`(${after.at}::text::timestamptz, ${after.id}::text::uuid)`;
  const page = await sql<Entry[]>`
    SELECT p.id::text AS id, to_char(p.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS at,
      to_char(p.at AT TIME ZONE coalesce(p.time_zone, 'UTC'), 'YYYY-MM-DD HH24:MI:SS') AS "atLocal",
      timesheet.time_zone_label(p.time_zone) AS "timeZone",
      p.workday::text AS workday, p.agent_id AS "agentId", a.label AS agent, g.key AS "clientKey", g.label AS client,
      v.label AS activity,
      coalesce(p.raw_type, '(no type)') AS type, p.client_type AS by,
      ${officeTime(sql, sql`p.deleted_at`)} AS "deletedAt", NULL AS kind, NULL AS seconds, NULL AS "endReason"
    FROM (
      SELECT e.jibble_activity_id AS id, e.start_time_utc AS at, timesheet.usable_time_zone(e.time_zone) AS time_zone,
        e.workday, e.agent_id, e.client_group_id, e.activity_id, e.raw_type, e.client_type, e.deleted_at
      FROM timesheet.time_entries AS e
      WHERE e.workday >= ${range.since}::text::date AND e.workday < ${range.until}::text::date
        -- An entry lies at most two days before its workday and three after it.
        AND e.start_time_utc >= (${range.since}::text::date - 2)::timestamp AT TIME ZONE 'UTC'
        AND e.start_time_utc < (${range.until}::text::date + 3)::timestamp AT TIME ZONE 'UTC'
        ${agentId === null ? sql`` : sql`AND e.agent_id = ${agentId}`}
        ${keyIs(sql, sql`e.client_group_id`, clientKey)}
        ${keyIs(sql, sql`e.activity_id`, activityKey)}
        ${typeIs(sql, type)}
        ${isDeleted(sql, state.deleted)}
        -- Names are searched once, not for every entry.
        ${wordsOf(state.q).reduce(
          (all, word) => sql`${all} AND (
          e.agent_id IN (SELECT n.agent_id FROM timesheet.agent_labels AS n WHERE ${contains(sql, sql`n.label`, word)})
          OR coalesce(e.client_group_id, 0) IN (
            SELECT n.key FROM timesheet.client_group_labels AS n WHERE ${contains(sql, sql`n.label`, word)})
          OR coalesce(e.activity_id, 0) IN (
            SELECT n.key FROM timesheet.activity_labels AS n WHERE ${contains(sql, sql`n.label`, word)}))`,
          sql``,
        )}
        ${!given ? sql`` : isOldestFirst(state) ? sql`AND ${key} > ${given}` : sql`AND ${key} < ${given}`}
      ORDER BY ${order}
      LIMIT ${limit}
    ) AS p
    JOIN timesheet.agent_labels AS a ON a.agent_id = p.agent_id
    JOIN timesheet.client_group_labels AS g ON g.key = coalesce(p.client_group_id, 0)
    JOIN timesheet.activity_labels AS v ON v.key = coalesce(p.activity_id, 0)
    ORDER BY ${isOldestFirst(state) ? sql`p.at, p.id` : sql`p.at DESC, p.id DESC`}`;
  return withSessions(sql, page);
}

async function withSessions(sql: Sql, page: Entry[]): Promise<Entry[]> {
  const days = page.map((entry) => entry.workday).sort();
  if (days.length === 0) return page;
  const agents = [...new Set(page.map((entry) => entry.agentId))];
  const sessions = await sql<{ id: string; kind: string; seconds: number; endReason: string }[]>`
    SELECT s.jibble_activity_id::text AS id, s.kind, s.seconds, s.end_reason AS "endReason"
    FROM timesheet.session_log AS s
    WHERE s.jibble_activity_id = ANY (string_to_array(${page.map((entry) => entry.id).join(",")}, ',')::uuid[])
      AND s.agent_id = ANY (string_to_array(${agents.join(",")}, ',')::int[])
      AND s.workday >= ${days[0] ?? ""}::text::date AND s.workday <= ${days.at(-1) ?? ""}::text::date`;
  const byId = new Map(sessions.map((session) => [session.id, session]));
  return page.map((entry) => ({ ...entry, ...byId.get(entry.id) }));
}

export type Choice = { key: number; name: string };

export async function getFilterChoices(
  sql: Sql,
): Promise<{ agents: Choice[]; clients: Choice[]; activities: Choice[] }> {
  const [agents, clients, activities] = await Promise.all([
    sql<Choice[]>`SELECT a.agent_id AS key, a.label AS name FROM timesheet.agent_labels AS a ORDER BY a.label`,
    sql<Choice[]>`SELECT g.key, g.label AS name FROM timesheet.client_group_labels AS g ORDER BY g.label`,
    sql<Choice[]>`SELECT v.key, v.label AS name FROM timesheet.activity_labels AS v ORDER BY v.label`,
  ]);
  return { agents, clients, activities };
}
