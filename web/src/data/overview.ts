import { before, type Range } from "@/range/range";
import { addDays } from "@/range/days";
import type { Sql } from "./database";
import { hasWorked, reportOf } from "./hours";
import { byName, type Figure, rounded } from "./rounded";

export type ClientChange = {
  key: number;
  name: string;
  agents: number;
  hours: Figure;
  previous: Figure;
  unconfirmed: Figure;
  breaks: Figure;
};
export type DayPair = { day: string; hours: Figure; previous: Figure };
export type Comparison = {
  clients: ClientChange[];
  days: DayPair[];
  agents: number;
  previousAgents: number;
  soFar: Figure;
};

type ClientSums = {
  key: number;
  name: string;
  agents: number;
  work: number;
  previous: number;
  unconfirmed: number;
  breaks: number;
};

/** By client, of a range and the previous one. */
function clientSums(sql: Sql, range: Range, both: Range) {
  const isNow = sql`r.workday >= ${range.since}::text::date`;
  return sql<ClientSums[]>`
    SELECT r.*, l.label AS name
    FROM (
      SELECT coalesce(r.client_group_id, 0) AS key,
        count(DISTINCT r.agent_id) FILTER (WHERE ${isNow} AND ${hasWorked(sql)})::int AS agents,
        coalesce(sum(r.work_seconds) FILTER (WHERE ${isNow}), 0)::bigint AS work,
        coalesce(sum(r.work_seconds) FILTER (WHERE NOT ${isNow}), 0)::bigint AS previous,
        coalesce(sum(r.unconfirmed_seconds) FILTER (WHERE ${isNow}), 0)::bigint AS unconfirmed,
        coalesce(sum(r.break_seconds) FILTER (WHERE ${isNow}), 0)::bigint AS breaks
      FROM ${reportOf(sql, both)} AS r GROUP BY coalesce(r.client_group_id, 0)
    ) AS r
    JOIN timesheet.client_group_labels AS l ON l.key = r.key
    ORDER BY r.key`;
}

/**
 * A range compared with the previous one, by client and by day;
 * soFar are the previous one's hours after as many days as have passed of this one.
 */
export async function getComparison(sql: Sql, range: Range, days: number, elapsed: number): Promise<Comparison> {
  const earlier = before(range);
  const both = { ...range, since: earlier.since };
  const isNow = sql`r.workday >= ${range.since}::text::date`;
  const [clients, byDay, people] = await Promise.all([
    clientSums(sql, range, both),
    sql<{ day: string; work: number }[]>`
      SELECT r.workday::text AS day, sum(r.work_seconds)::bigint AS work FROM ${reportOf(sql, both)} AS r
      GROUP BY r.workday`,
    sql<{ agents: number; previous: number }[]>`
      SELECT count(DISTINCT r.agent_id) FILTER (WHERE ${isNow})::int AS agents,
        count(DISTINCT r.agent_id) FILTER (WHERE NOT ${isNow})::int AS previous
      FROM ${reportOf(sql, both)} AS r WHERE ${hasWorked(sql)}`,
  ]);
  const work = new Map(byDay.map((row) => [row.day, row.work]));
  const daysOf = (since: string) => Array.from({ length: days }, (_, n) => work.get(addDays(since, n)) ?? 0);
  const [hours = [], previous = [], unconfirmed = [], breaks = [], hoursByDay = [], previousByDay = []] = await rounded(
    sql,
    clients.map((c) => c.work),
    clients.map((c) => c.previous),
    clients.map((c) => c.unconfirmed),
    clients.map((c) => c.breaks),
    daysOf(range.since),
    daysOf(earlier.since),
  );
  return {
    soFar: previousByDay.slice(0, elapsed).reduce((sum, cell) => sum + cell, 0),
    clients: byName(
      clients.map((client, n) => ({
        ...client,
        hours: hours[n] ?? 0,
        previous: previous[n] ?? 0,
        unconfirmed: unconfirmed[n] ?? 0,
        breaks: breaks[n] ?? 0,
      })),
    ),
    days: hoursByDay.map((cell, n) => ({ day: addDays(range.since, n), hours: cell, previous: previousByDay[n] ?? 0 })),
    agents: people[0]?.agents ?? 0,
    previousAgents: people[0]?.previous ?? 0,
  };
}
