import type { Range } from "@/range/range";
import type { State } from "@/range/state";
import type { Sql } from "./database";
import type { Order } from "@/table/arrange";
import { inOrder, type Part, partOf } from "./paging";
import { containsAll } from "./search";
import { officeMidnight, officeTime } from "./time";

export type Run = {
  id: number;
  command: string;
  /** The days that were read, both included; null where a run reads none. */
  since: string | null;
  until: string | null;
  window: string;
  startedAt: string;
  seconds: number | null;
  status: string;
  pages: number;
  rows: number;
  new: number;
  changed: number;
  deleted: number;
  error: string | null;
};

export const runStatuses = ["succeeded", "failed", "cut", "running"] as const;

/** The run log of a range of the office's days, by the filters of the state. */
function filtersOf(sql: Sql, range: Range, state: State) {
  const status = runStatuses.find((known) => known === state.status);
  return sql`
    r.started_at >= ${officeMidnight(sql, range.since)} AND r.started_at < ${officeMidnight(sql, range.until)}
    ${status ? sql`AND r.status = ${status}` : sql``}
    ${containsAll(sql, sql`concat_ws(' ', r.command, r.error)`, state.q)}`;
}

function selectRuns(sql: Sql) {
  return sql`
    SELECT r.ingest_run_id AS id, r.command, r.since::text AS since, r.until::text AS until,
      coalesce(r.since || ' to ' || r.until, '') AS window, ${officeTime(sql, sql`r.started_at`)} AS "startedAt",
      extract(epoch FROM r.finished_at - r.started_at)::float8 AS seconds, r.status, r.pages, r.rows, r.new,
      r.changed, r.deleted, r.error
    FROM timesheet.ingest_runs AS r`;
}

export async function getRuns(sql: Sql, range: Range, state: State, part: Part): Promise<Run[]> {
  return sql<
    Run[]
  >`SELECT * FROM (${selectRuns(sql)} WHERE ${filtersOf(sql, range, state)}) AS r ${partOf(sql, part, "id")}`;
}

export async function getRunIds(sql: Sql, range: Range, state: State, order: Order | null): Promise<number[]> {
  const rows = await sql<
    { id: number }[]
  >`SELECT r.id FROM (${selectRuns(sql)} WHERE ${filtersOf(sql, range, state)}) AS r ${inOrder(sql, order, "id")}`;
  return rows.map((row) => row.id);
}

export async function getRunsById(sql: Sql, ids: readonly number[]): Promise<Run[]> {
  return sql<Run[]>`${selectRuns(sql)} WHERE r.ingest_run_id = ANY (string_to_array(${ids.join(",")}, ',')::bigint[])`;
}

export type RunSums = { count: number; rows: number; new: number; changed: number; deleted: number };

export async function getRunSums(sql: Sql, range: Range, state: State): Promise<RunSums> {
  const [row] = await sql<RunSums[]>`
    SELECT count(*)::int AS count, coalesce(sum(r.rows), 0)::bigint AS rows, coalesce(sum(r.new), 0)::bigint AS new,
      coalesce(sum(r.changed), 0)::bigint AS changed, coalesce(sum(r.deleted), 0)::bigint AS deleted
    FROM timesheet.ingest_runs AS r WHERE ${filtersOf(sql, range, state)}`;
  return row ?? { count: 0, rows: 0, new: 0, changed: 0, deleted: 0 };
}

export type Problem = {
  id: number;
  resource: string;
  objectId: string | null;
  fetchedAt: string;
  fetchedUtc: string;
  problem: string;
  /** What was received, as text: at most the first 10,000 characters. */
  payload: string | null;
};

export async function getIngestProblems(sql: Sql, limit = 50): Promise<Problem[]> {
  return sql<Problem[]>`
    SELECT r.raw_event_id AS id, r.resource, r.jibble_id::text AS "objectId",
      ${officeTime(sql, sql`r.fetched_at`)} AS "fetchedAt",
      to_char(r.fetched_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS') AS "fetchedUtc", p.problem,
      left(r.payload::text, 10000) AS payload
    FROM timesheet.ingest_problems AS p JOIN timesheet.raw_events AS r ON r.raw_event_id = p.raw_event_id
    WHERE NOT EXISTS (SELECT FROM timesheet.raw_events AS l
      WHERE l.jibble_id = r.jibble_id AND l.resource = r.resource AND l.raw_event_id > r.raw_event_id)
    ORDER BY p.raw_event_id DESC LIMIT ${limit}`;
}

export type Installation = { schema: string; engine: string; staleDays: number; server: string };

export async function getInstallation(sql: Sql): Promise<Installation> {
  const [row] = await sql<Installation[]>`
    SELECT (SELECT m.name FROM timesheet.schema_migrations AS m ORDER BY m.version DESC LIMIT 1) AS schema,
      timesheet.engine() AS engine,
      (SELECT count(*)::int FROM timesheet.stale_agent_days) AS "staleDays",
      current_setting('server_version') AS server`;
  if (!row) throw new Error("the database did not answer");
  return row;
}
