import { type AgentHours, getAgentHours } from "@/data/agents";
import { getCalendarAndRange } from "@/data/calendar";
import { read } from "@/data/read";
import { inState } from "@/range/range";
import { address, type State } from "@/range/state";
import { arrange, orderOf } from "@/table/arrange";
import { peopleShown } from "@/table/people";
import { statusColumn } from "@/table/status_column";
import { type Column, shareColumn } from "@/table/columns";

export async function loadAgents(state: State) {
  const { calendar, range, agents } = await read(async (sql) => {
    const { calendar, range } = await getCalendarAndRange(sql, state);
    return { calendar, range, agents: await getAgentHours(sql, range) };
  });
  const days = inState(range);
  const max = Math.max(...agents.map((agent) => agent.hours), 0);
  const columns: Column<AgentHours>[] = [
    {
      key: "name",
      label: "Agent",
      value: (a) => a.name,
      isName: true,
      show: (a) => ({ href: address(`/agents/${a.agentId}`, days) }),
    },
    {
      key: "client",
      label: "Current client",
      value: (a) => a.client,
      show: (a) => ({ href: address(`/clients/${a.clientKey}`, days) }),
    },
    { key: "hours", label: "Hours", value: (a) => a.hours, kind: "hours", total: true },
    { key: "unconfirmed", label: "Unconfirmed", value: (a) => a.unconfirmed, kind: "hours", total: true },
    { key: "breaks", label: "Breaks", value: (a) => a.breaks, kind: "hours", total: true },
    { key: "days", label: "Days", value: (a) => a.days, kind: "count", total: true },
    { key: "incomplete", label: "No clock-out", value: (a) => a.incomplete, kind: "count", total: true },
    statusColumn((a: AgentHours) => a.status),
    { key: "zone", label: "Zone", value: (a) => a.timeZone },
    { key: "email", label: "E-mail", value: (a) => a.email },
  ];
  const share = shareColumn((a: AgentHours) => a.hours, max);
  const order = orderOf(columns, state, "sort", "name");
  return {
    calendar,
    range,
    columns,
    shown: [...columns.slice(0, 3), share, ...columns.slice(3)],
    order,
    // A break alone is no work; a session is, also where it counts no hours.
    ...peopleShown(arrange(agents, columns, state.q, order), state, (a) => a.hours > 0 || a.days > 0),
  };
}
