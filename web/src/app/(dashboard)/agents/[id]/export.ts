import { lastDay } from "@/range/range";
import type { State } from "@/range/state";
import { exportOf } from "@/table/export";
import { trendExport } from "@/table/trend_export";
import { loadAgent } from "./load";

export async function exportAgent(state: State, { id }: { id: string }) {
  const page = await loadAgent(id, state);
  const trend = trendExport(state, `agent ${page.agent.agentId}`, page);
  if (trend) return trend;
  const name = `agent ${page.agent.agentId} ${page.range.since} ${lastDay(page.range)}`;
  if (state.table === "activities") return exportOf(`${name} activities`, page.activityColumns, page.activityRows);
  if (state.table === "sessions") {
    const columns = page.sessionColumns.map((column) =>
      column.key === "length" ? { ...column, label: "Seconds" } : column,
    );
    return exportOf(`${name} sessions`, columns, page.sessionRows);
  }
  return exportOf(name, page.dayColumns, page.dayRows);
}
