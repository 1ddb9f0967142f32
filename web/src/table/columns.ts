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
  /** How its figures are written, if not as hours or counts are. */
  write?: (figure: number) => string;
  /** The name of the row. */
  isName?: boolean;
  sortable?: boolean;
};

export function cellText<Row>(column: Column<Row>, row: Row): string {
  const value = column.value(row);
  if (value === null) return "";
  return typeof value === "string" ? value : figureText(column, value);
}

export function figureText<Row>(column: Column<Row>, figure: number): string {
  return (column.write ?? (column.kind === "hours" ? hoursText : countText))(figure);
}

export function totalOf<Row>(column: Column<Row>, rows: readonly Row[]): number {
  return rows.reduce((sum, row) => sum + Number(column.value(row) ?? 0), 0);
}
