import { lastDay } from "@/range/range";
import type { State } from "@/range/state";
import { exportOf } from "@/table/export";
import { loadAgents } from "./load";

export async function exportAgents(state: State) {
  const { columns, rows, range } = await loadAgents(state);
  return exportOf(`agents ${range.since} ${lastDay(range)}`, columns, rows);
}
