import type { State } from "@/range/state";

/** Of a list of people those with hours; all of them, and how many were without, if the address has people=all. */
export function peopleShown<Row>(
  found: readonly Row[],
  state: State,
  hasHours: (row: Row) => boolean,
): { rows: Row[]; isAll: boolean; left: number } {
  const isAll = state.people === "all";
  const rows = found.filter(hasHours);
  return { rows: isAll ? [...found] : rows, isAll, left: found.length - rows.length };
}
