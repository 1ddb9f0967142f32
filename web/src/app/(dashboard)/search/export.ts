import type { State } from "@/range/state";
import { exportOf } from "@/table/export";
import { loadSearch } from "./load";

export async function exportSearch(state: State) {
  const { columns, rows } = await loadSearch(state);
  return exportOf("search", columns, rows);
}
