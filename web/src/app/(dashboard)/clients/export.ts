import { lastDay } from "@/range/range";
import type { State } from "@/range/state";
import { exportOf } from "@/table/export";
import { loadClients } from "./load";

export async function exportClients(state: State) {
  const { columns, rows, range } = await loadClients(state);
  return exportOf(`clients ${range.since} ${lastDay(range)}`, columns, rows);
}
