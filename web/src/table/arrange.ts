import type { State } from "@/range/state";
import type { Column } from "./columns";

export type Order = { key: string; isDescending: boolean };

/** ?sort=name or ?sort=-hours; null if there is no such column. */
export function orderOf<Row>(
  columns: readonly Column<Row>[],
  state: State,
  parameter: string,
  initial: string,
): Order | null {
  for (const text of [state[parameter], initial]) {
    const key = text?.replace(/^-/, "");
    if (columns.some((column) => column.key === key && column.sortable !== false))
      return { key: key as string, isDescending: text?.startsWith("-") ?? false };
  }
  return null;
}

// A search for cafe finds Café; invisible characters do not count.
export function plain(text: string): string {
  return text
    .normalize("NFD")
    .replace(/[\p{M}\p{Cf}]/gu, "")
    .toLowerCase();
}

const byName = new Intl.Collator("en", { numeric: true }).compare;

/** The rows that contain every word searched for, in the order asked for. A search does not round figures again. */
export function arrange<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  search: string | undefined,
  order: Order | null,
): Row[] {
  const words = plain(search ?? "")
    .split(/\s+/)
    .filter(Boolean);
  const texts = columns.filter((column) => (column.kind ?? "text") === "text");
  const found =
    words.length === 0
      ? [...rows]
      : rows.filter((row) => {
          const text = plain(texts.map((column) => String(column.value(row) ?? "")).join(" "));
          return words.every((word) => text.includes(word));
        });
  const column = order && columns.find((each) => each.key === order.key);
  if (!column) return found;
  const sign = order.isDescending ? -1 : 1;
  return found.sort((a, b) => {
    const [x, y] = [column.value(a), column.value(b)];
    if (x === null || y === null) return Number(x === null) - Number(y === null); // empty cells come last
    return sign * (typeof x === "number" && typeof y === "number" ? x - y : byName(String(x), String(y)));
  });
}
