import type { ReactNode } from "react";
import { countText, hoursText } from "./figures";

/** A column of a page's table and of its export alike, so that the two cannot differ. */
export type Column<Row> = {
  key: string;
  label: string;
  /** What is sorted by and exported: hundredths of an hour where kind is hours. */
  value: (row: Row) => string | number | null;
  kind?: "text" | "hours" | "count";
  /** How it looks where that is more than the value. */
  show?: (row: Row) => ReactNode;
  /** Whether the foot has its sum. */
  total?: boolean;
  /** The name of the row. */
  isName?: boolean;
  sortable?: boolean;
};

export function cellText<Row>(column: Column<Row>, row: Row): string {
  const value = column.value(row);
  if (value === null) return "";
  if (typeof value === "string") return value;
  return column.kind === "hours" ? hoursText(value) : countText(value);
}

export function totalOf<Row>(column: Column<Row>, rows: readonly Row[]): number {
  return rows.reduce((sum, row) => sum + Number(column.value(row) ?? 0), 0);
}
