import { lastDay } from "@/range/range";
import type { State } from "@/range/state";
import { exportOf } from "@/table/export";
import { trendExport } from "@/table/trend_export";
import { loadClient } from "./load";

export async function exportClient(state: State, { key }: { key: string }) {
  const page = await loadClient(key, state);
  const trend = trendExport(state, `client ${page.client.key}`, page);
  if (trend) return trend;
  const name = `client ${page.client.key} ${page.range.since} ${lastDay(page.range)}`;
  if (state.table === "activities") return exportOf(`${name} activities`, page.activityColumns, page.activityRows);
  // A day's column by its date, as a spreadsheet knows no "Mon 16".
  const columns = page.agentColumns.map((column) =>
    /^\d{4}-/.test(column.key) ? { ...column, label: column.key } : column,
  );
  return exportOf(name, columns, page.agentRows);
}
