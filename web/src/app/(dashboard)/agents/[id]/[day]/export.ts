import { notFound } from "next/navigation";
import { getAgent } from "@/data/agent";
import { getExplanation } from "@/data/explanation";
import { read } from "@/data/read";
import { isDay } from "@/range/days";
import { idOf, type State } from "@/range/state";
import { exportOf } from "@/table/export";
import { reasonColumns } from "./columns";

/** What happened on the day: its sessions, or its entries (table=event); with entry=, of that one alone. */
export async function exportDay(state: State, { id: idText, day }: { id: string; day: string }) {
  const id = idOf(idText);
  if (id === null || !isDay(day)) notFound();
  const reasons = await read(async (sql) => ((await getAgent(sql, id)) ? getExplanation(sql, day, id) : null));
  if (!reasons) notFound();
  const part = state.table === "event" ? "event" : "session";
  return exportOf(
    `agent ${id} ${day} ${part === "event" ? "entries" : "sessions"}`,
    reasonColumns,
    reasons.filter((reason) => reason.part === part && (!state.entry || reason.entryId === state.entry)),
  );
}
