import { lastDay } from "@/range/range";
import type { State } from "@/range/state";
import { exportOf } from "@/table/export";
import { clientsShown, loadOverview } from "./overview";

export async function exportOverview(state: State) {
  const { clients, range } = await loadOverview(state);
  const { columns, rows } = clientsShown(state, clients, range);
  return exportOf(
    `overview ${range.since} ${lastDay(range)}`,
    columns.filter((column) => column.key !== "share"),
    rows,
  );
}
