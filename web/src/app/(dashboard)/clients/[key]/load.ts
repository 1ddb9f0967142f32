import { notFound } from "next/navigation";
import { getActivityHours } from "@/data/activities";
import { getCalendarAndRange } from "@/data/calendar";
import { type AgentRow, type AgentsByDay, getAgentsByDay, getClient } from "@/data/client";
import { getMonth } from "@/data/month";
import { getNoteCounts, getNotes } from "@/data/notes";
import { getUnconfirmedText } from "@/data/unconfirmed";
import { personStatusName } from "@/components/codes";
import { read } from "@/data/read";
import { getWeeks } from "@/data/weeks";
import { inState, monthOf } from "@/range/range";
import { address, idOf, type State } from "@/range/state";
import { activityTable } from "@/table/activity_columns";
import { arrange, orderOf } from "@/table/arrange";
import type { Column } from "@/table/columns";

function agentColumnsOf(agents: AgentsByDay, days: State): Column<AgentRow>[] {
  return [
    {
      key: "name",
      label: "Agent",
      value: (a) => a.name,
      isName: true,
      show: (a) => ({
        href: address(`/agents/${a.agentId}`, days),
        ...(a.isRemoved && { after: { className: "tag removed", text: personStatusName("Removed") } }),
      }),
    },
    ...agents.slots.map((slot, n): Column<AgentRow> => ({
      key: slot.since,
      label: slot.label,
      value: (a) => a.cells[n] ?? 0,
      kind: "hours",
      total: true,
    })),
    { key: "hours", label: "Hours", value: (a) => a.hours, kind: "hours", total: true },
    { key: "unconfirmed", label: "Unconfirmed", value: (a) => a.unconfirmed, kind: "hours", total: true },
    { key: "breaks", label: "Breaks", value: (a) => a.breaks, kind: "hours", total: true },
  ];
}

export async function loadClient(keyText: string, state: State) {
  const key = idOf(keyText);
  if (key === null) notFound();
  const loaded = await read(async (sql) => {
    const client = await getClient(sql, key);
    if (!client) return null;
    const { calendar, range } = await getCalendarAndRange(sql, state, key);
    const [agents, activities, notes, counts, unconfirmedText, weeks, month] = await Promise.all([
      getAgentsByDay(sql, client, range),
      getActivityHours(sql, range, { clientKey: key }),
      getNotes(sql, range, { clientKey: key }, 50),
      getNoteCounts(sql, range, { clientKey: key }),
      getUnconfirmedText(sql),
      getWeeks(sql, { clientKey: key }, calendar),
      getMonth(sql, { clientKey: key }, monthOf(state, range, calendar)),
    ]);
    return {
      client,
      calendar,
      range,
      agents,
      activities,
      notes,
      unconfirmedText,
      weeks,
      month,
      noted: counts.reduce((total, each) => total + each.count, 0),
    };
  });
  if (!loaded) notFound();
  const { range, agents, activities } = loaded;
  const days = inState(range);
  const agentColumns = agentColumnsOf(agents, days);
  const agentOrder = orderOf(agentColumns, state, "sort", "name");
  return {
    ...loaded,
    agentColumns,
    agentOrder,
    agentRows: arrange(agents.rows, agentColumns, state.q, agentOrder),
    ...activityTable(activities, "client", { ...days, client: String(key) }, state),
  };
}
