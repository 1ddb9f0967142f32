import type { State } from "@/range/state";
import { exportOf } from "@/table/export";
import { loadDelivery, revisionColumns } from "./load";

export async function exportDelivery(state: State, parameters: { id: string }) {
  const delivery = await loadDelivery(parameters.id, state);
  const name = `digest ${delivery.id}`;
  if (state.table === "corrected") return exportOf(`${name} corrected`, delivery.correctedColumns, delivery.corrected);
  if (state.table === "revisions")
    return exportOf(`${name} revisions`, revisionColumns(delivery.zone), delivery.revisions);
  return exportOf(name, delivery.columns, delivery.rows);
}
