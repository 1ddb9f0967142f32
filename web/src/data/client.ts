import type { Range } from "@/range/range";
import type { Sql } from "./database";
import { hasWorked, ofClient, reportOf, secondsOf, type Slot, slotsOf } from "./hours";
import { byName, type Figure, rounded } from "./rounded";

export type Client = { key: number; name: string; code: string | null; timeZone: string; weekStartsOn: number };

export async function getClient(sql: Sql, key: number): Promise<Client | null> {
  const [row] = await sql<Client[]>`
    SELECT g.key, l.label AS name, g.code, timesheet.time_zone_label(g.time_zone) AS "timeZone",
      g.week_starts_on AS "weekStartsOn"
    FROM timesheet.client_group_names AS g JOIN timesheet.client_group_labels AS l ON l.key = g.key
    WHERE g.key = ${key}`;
  return row ?? null;
}

/** An agent's hours for a client, by day (or week, month); the total is the sum of the cells. */
export type AgentRow = {
  agentId: number;
  name: string;
  isRemoved: boolean;
  isAtWork: boolean;
  cells: Figure[];
  hours: Figure;
  unconfirmed: Figure;
  breaks: Figure;
};
export type AgentsByDay = { unit: "day" | "week" | "month"; slots: Slot[]; rows: AgentRow[] };

type AgentDay = {
  agentId: number;
  name: string;
  isRemoved: boolean;
  workday: string;
  isAtWork: boolean;
  work: number;
  unconfirmed: number;
  breaks: number;
};

function agentDays(sql: Sql, client: Client, range: Range) {
  return sql<AgentDay[]>`
    SELECT r.*, l.label AS name, coalesce(a.status = 'Removed', false) AS "isRemoved"
    FROM (
      SELECT r.agent_id AS "agentId", r.workday::text AS workday, bool_or(${hasWorked(sql)}) AS "isAtWork",
        ${secondsOf(sql)}
      FROM ${reportOf(sql, range)} AS r WHERE r.${ofClient(sql, client.key)}
      GROUP BY r.agent_id, r.workday
    ) AS r
    JOIN timesheet.agent_labels AS l ON l.agent_id = r."agentId"
    JOIN timesheet.agents AS a ON a.agent_id = r."agentId"
    ORDER BY r."agentId", r.workday`;
}

export async function getAgentsByDay(sql: Sql, client: Client, range: Range): Promise<AgentsByDay> {
  const days = await agentDays(sql, client, range);
  const { unit, slots, slotOf } = slotsOf(range, client.weekStartsOn);
  const agents = new Map<
    number,
    { name: string; isRemoved: boolean; isAtWork: boolean; cells: number[]; unconfirmed: number; breaks: number }
  >();
  for (const day of days) {
    let agent = agents.get(day.agentId);
    if (!agent)
      agents.set(
        day.agentId,
        (agent = {
          name: day.name,
          isRemoved: day.isRemoved,
          isAtWork: false,
          cells: slots.map(() => 0),
          unconfirmed: 0,
          breaks: 0,
        }),
      );
    const slot = slotOf(day.workday);
    agent.cells[slot] = (agent.cells[slot] ?? 0) + day.work;
    agent.isAtWork ||= day.isAtWork;
    agent.unconfirmed += day.unconfirmed;
    agent.breaks += day.breaks;
  }
  const list = [...agents];
  const [cells = [], unconfirmed = [], breaks = []] = await rounded(
    sql,
    list.flatMap(([, agent]) => agent.cells),
    list.map(([, agent]) => agent.unconfirmed),
    list.map(([, agent]) => agent.breaks),
  );
  const rows = list.map(([agentId, agent], n) => {
    const own = cells.slice(n * slots.length, (n + 1) * slots.length);
    return {
      agentId,
      name: agent.name,
      isRemoved: agent.isRemoved,
      isAtWork: agent.isAtWork,
      cells: own,
      hours: own.reduce((sum, cell) => sum + cell, 0),
      unconfirmed: unconfirmed[n] ?? 0,
      breaks: breaks[n] ?? 0,
    };
  });
  return { unit, slots, rows: byName(rows) };
}
