import { lastDay } from "@/range/range";
import type { State } from "@/range/state";
import { exportOf } from "@/table/export";
import { loadComparison } from "./load";

export async function exportComparison(state: State) {
  const { columns, rows, range, other } = await loadComparison(state);
  return exportOf(`activities ${range.since} ${lastDay(range)} and ${other.since} ${lastDay(other)}`, columns, rows);
}
