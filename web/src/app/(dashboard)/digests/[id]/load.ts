import { notFound } from "next/navigation";
import { getCalendar } from "@/data/calendar";
import { type Delivery, getDelivery, getReportedHours, type ReportedHours } from "@/data/digests";
import { read } from "@/data/read";
import { stateName, whatHappened } from "@/components/delivery_words";
import { shortDay, timeText } from "@/range/days";
import { idOf, type State } from "@/range/state";
import { hundredth } from "@/range/hours_unit";
import { arrange, orderOf } from "@/table/arrange";
import type { Column } from "@/table/columns";

const reportedColumns: Column<ReportedHours>[] = [
  {
    key: "agent",
    label: "Agent",
    value: (t) => t.agent,
    isName: true,
    show: (t) => ({ href: `/agents/${t.agentId}?from=${t.firstDay}&to=${t.lastDay}` }),
  },
  {
    key: "client",
    label: "Client",
    value: (t) => t.client,
    show: (t) => ({ href: `/clients/${t.clientKey}?from=${t.firstDay}&to=${t.lastDay}` }),
  },
  { key: "days", label: "Days", value: (t) => t.days, kind: "count", total: true },
  { key: "hours", label: "Hours", value: (t) => t.hours, kind: "hours", unit: hundredth, total: true },
];
const correctedColumns: Column<ReportedHours>[] = [
  ...reportedColumns.slice(0, 2),
  { key: "week", label: "Week", value: (t) => t.week, moment: "day", show: (t) => shortDay(t.week) },
  ...reportedColumns.slice(2),
];

export const revisionColumns = (zone: string): Column<Delivery>[] => [
  {
    key: "revision",
    label: "Revision",
    value: (d) => d.revision,
    kind: "count",
    sortable: false,
    show: (d) => ({ href: `/digests/${d.id}` }),
  },
  {
    key: "queuedAt",
    label: `Queued (${zone})`,
    value: (d) => d.queuedAt,
    moment: "minute",
    sortable: false,
    show: (d) => timeText(d.queuedAt),
  },
  { key: "hours", label: "Hours", value: (d) => d.hours, kind: "hours", unit: hundredth, sortable: false },
  { key: "state", label: "State", value: (d) => stateName(d.state), sortable: false, show: (d) => ({ tag: d.state }) },
  { key: "happened", label: "What happened", value: (d) => whatHappened(d, zone), sortable: false },
];

export async function loadDelivery(idText: string, state: State) {
  const id = idOf(idText);
  if (id === null) notFound();
  const loaded = await read(async (sql) => {
    const found = await getDelivery(sql, id);
    return found && { ...found, reported: await getReportedHours(sql, id), zone: (await getCalendar(sql)).timeZone };
  });
  if (!loaded) notFound();
  const order = orderOf(reportedColumns, state, "sort", "agent");
  const own = loaded.reported.filter((row) => !row.isCorrection);
  return {
    ...loaded,
    id,
    order,
    columns: reportedColumns,
    correctedColumns,
    own,
    rows: arrange(own, reportedColumns, state.q, order),
    corrected: loaded.reported.filter((row) => row.isCorrection),
  };
}
