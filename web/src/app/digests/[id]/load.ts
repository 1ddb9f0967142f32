import { notFound } from "next/navigation";
import { type Delivery, getDelivery, getReportedHours, type ReportedHours } from "@/data/digests";
import { read } from "@/data/read";
import { stateName, whatHappened } from "@/components/delivery_words";
import { shortDay } from "@/range/days";
import { idOf, type State } from "@/range/state";
import { arrange, orderOf } from "@/table/arrange";
import type { Column } from "@/table/columns";

const toldColumns: Column<ReportedHours>[] = [
  { key: "agent", label: "Agent", value: (t) => t.agent, isName: true, show: (t) => ({ href: `/agents/${t.agentId}?from=${t.firstDay}&to=${t.lastDay}` }) },
  { key: "client", label: "Client", value: (t) => t.client, show: (t) => ({ href: `/clients/${t.clientKey}?from=${t.firstDay}&to=${t.lastDay}` }) },
  { key: "days", label: "Days", value: (t) => t.days, kind: "count", total: true },
  { key: "hours", label: "Hours", value: (t) => t.hours, kind: "hours", total: true },
];
const correctedColumns: Column<ReportedHours>[] = [
  ...toldColumns.slice(0, 2), { key: "week", label: "Week ends after", value: (t) => t.week, show: (t) => shortDay(t.week) }, ...toldColumns.slice(2)];

export const revisionColumns: Column<Delivery>[] = [
  { key: "revision", label: "Revision", value: (d) => d.revision, kind: "count", sortable: false, show: (d) => ({ href: `/digests/${d.id}` }) },
  { key: "queuedAt", label: "Queued (UTC)", value: (d) => d.queuedAt, sortable: false },
  { key: "hours", label: "Hours", value: (d) => d.hours, kind: "hours", sortable: false },
  { key: "state", label: "State", value: (d) => stateName(d.state), sortable: false, show: (d) => ({ tag: d.state }) },
  { key: "happened", label: "What happened", value: whatHappened, sortable: false },
];

export async function loadDelivery(idText: string, state: State) {
  const id = idOf(idText);
  if (id === null) notFound();
  const loaded = await read(async (sql) => {
    const found = await getDelivery(sql, id);
    return found && { ...found, told: await getReportedHours(sql, id) };
  });
  if (!loaded) notFound();
  const order = orderOf(toldColumns, state, "sort", "agent");
  const own = loaded.told.filter((row) => !row.isCorrection);
  return {
    ...loaded, id, order, columns: toldColumns, correctedColumns,
    own, rows: arrange(own, toldColumns, state.q, order), corrected: loaded.told.filter((row) => row.isCorrection),
  };
}
