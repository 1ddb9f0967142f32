import type { State } from "@/range/state";
import { exportOf } from "@/table/export";
import { loadUsual } from "./load";

export async function exportUsual(state: State) {
  const { columns, rows, week } = await loadUsual(state);
  return exportOf(`usual week ${week}`, columns, rows);
}
