import { before, type Range } from "@/range/range";
import { addDays } from "@/range/days";
import type { Sql } from "./database";
import { reportOf } from "./hours";
import { type Hundredths, rounded } from "./rounded";

export type ClientChange = { key: number; name: string; agents: number; hours: Hundredths; previous: Hundredths; unconfirmed: Hundredths; breaks: Hundredths };
export type DayPair = { day: string; work: number; previous: number };
export type Comparison = { clients: ClientChange[]; days: DayPair[]; agents: number; previousAgents: number };

/** A range against the one before it, by client and by day. */
export async function comparison(sql: Sql, range: Range, days: number): Promise<Comparison> {
  const earlier = before(range);
  const both = { ...range, since: earlier.since };
  const isNow = sql`r.workday >= ${range.since}::text::date`;
  const [clients, byDay, people] = await Promise.all([
    sql<{ key: number; name: string; agents: number; work: number; previous: number; unconfirmed: number; breaks: number }[]>`
      SELECT coalesce(r.client_group_id, 0) AS key, r.client_group AS name, count(DISTINCT r.agent_id) FILTER (WHERE ${isNow})::int AS agents,
        coalesce(sum(r.work_seconds) FILTER (WHERE ${isNow}), 0)::bigint AS work, coalesce(sum(r.work_seconds) FILTER (WHERE NOT ${isNow}), 0)::bigint AS previous,
        coalesce(sum(r.unconfirmed_seconds) FILTER (WHERE ${isNow}), 0)::bigint AS unconfirmed, coalesce(sum(r.break_seconds) FILTER (WHERE ${isNow}), 0)::bigint AS breaks
      FROM ${reportOf(sql, both)} AS r GROUP BY coalesce(r.client_group_id, 0), r.client_group ORDER BY r.client_group, coalesce(r.client_group_id, 0)`,
    sql<{ day: string; work: number }[]>`
      SELECT r.workday::text AS day, sum(r.work_seconds)::bigint AS work FROM ${reportOf(sql, both)} AS r GROUP BY r.workday`,
    sql<{ agents: number; previous: number }[]>`
      SELECT count(DISTINCT r.agent_id) FILTER (WHERE ${isNow})::int AS agents, count(DISTINCT r.agent_id) FILTER (WHERE NOT ${isNow})::int AS previous
      FROM ${reportOf(sql, both)} AS r WHERE r.work_seconds > 0`,
  ]);
  const [hours = [], previous = [], unconfirmed = [], breaks = []] = await rounded(
    sql, clients.map((c) => c.work), clients.map((c) => c.previous), clients.map((c) => c.unconfirmed), clients.map((c) => c.breaks));
  const work = new Map(byDay.map((row) => [row.day, row.work]));
  return {
    clients: clients.map((client, n) => ({ ...client, hours: hours[n] ?? 0, previous: previous[n] ?? 0, unconfirmed: unconfirmed[n] ?? 0, breaks: breaks[n] ?? 0 })),
    days: Array.from({ length: days }, (_, n) => {
      const day = addDays(range.since, n);
      return { day, work: work.get(day) ?? 0, previous: work.get(addDays(day, -days)) ?? 0 };
    }),
    agents: people[0]?.agents ?? 0,
    previousAgents: people[0]?.previous ?? 0,
  };
}
