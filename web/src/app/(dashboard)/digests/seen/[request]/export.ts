import { notFound } from "next/navigation";
import { lastDay } from "@/range/range";
import type { State } from "@/range/state";
import { exportOf } from "@/table/export";
import { dayColumns, digestColumns, noteColumns, timesColumns, weekColumns } from "./columns";
import { loadSeen } from "./load";

export async function exportSeen(state: State, { request }: { request: string }) {
  const { look, calendar, range, seen } = await loadSeen(request, state);
  if (!seen) notFound();
  const name = (what: string, days = "") => `portal ${look.email} ${what}${days}`;
  const ofDays = ` ${range.since} ${lastDay(range)}`;
  switch (state.table) {
    case "days":
      return exportOf(name("days", ofDays), dayColumns, seen.days);
    case "times":
      return exportOf(name("times", ofDays), timesColumns, seen.times);
    case "notes":
      return exportOf(name("notes", ofDays), noteColumns(calendar.timeZone), seen.notes);
    case "digests":
      return exportOf(
        name("digests"),
        digestColumns(calendar.timeZone, () => ""),
        seen.digests,
      );
    default:
      return exportOf(name("weeks", ` ${seen.shown.since} ${lastDay(seen.shown)}`), weekColumns, seen.weeks);
  }
}
