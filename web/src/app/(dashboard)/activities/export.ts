import { lastDay } from "@/range/range";
import type { State } from "@/range/state";
import { exportOf } from "@/table/export";
import { loadActivities } from "./load";

export async function exportActivities(state: State) {
  const { columns, rows, range } = await loadActivities(state);
  return exportOf(`activities ${range.since} ${lastDay(range)}`, columns, rows);
}
