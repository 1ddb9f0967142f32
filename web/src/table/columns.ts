import type { Unit } from "@/range/hours_unit";
import { countText, hoursText } from "./figures";

/** A cell that is more than text; each part is optional. */
export type CellContent = {
  /** Instead of the value. */
  text?: string;
  /** The link's target. */
  href?: string;
  /** Shows the text as a tag of this class. */
  tag?: string;
  /** What follows the text. */
  after?: { className: string; text: string };
  /** A bar of this share of the cell's width, 0 to 1, instead of text: another column has the figure. */
  share?: number;
};

/** A column of a page's table and of its export, so that the two cannot differ. */
export type Column<Row> = {
  key: string;
  label: string;
  /** The value for sorting and for the export: whole units of hoursUnit() if kind is hours. */
  value: (row: Row) => string | number | null;
  kind?: "text" | "hours" | "count";
  /** The unit of hours that do not follow the page's, such as those that an e-mail reported. */
  unit?: Unit;
  /** Set where the value is a date or a local time, as exact as this, for spreadsheets. */
  moment?: "day" | "minute" | "second";
  /** What is shown, if not the value. */
  show?: (row: Row) => string | CellContent;
  /** Whether the footer has its sum. */
  total?: boolean;
  /** How figures are written, if not like hours or counts. */
  write?: (figure: number, unit: Unit) => string;
  /** The name of the row. */
  isName?: boolean;
  sortable?: boolean;
};

export function cellText<Row>(column: Column<Row>, row: Row, unit: Unit): string {
  const value = column.value(row);
  if (value === null) return "";
  return typeof value === "string" ? value : figureText(column, value, unit);
}

export function figureText<Row>(column: Column<Row>, figure: number, unit: Unit): string {
  return (column.write ?? (column.kind === "hours" ? hoursText : countText))(figure, column.unit ?? unit);
}

export function totalOf<Row>(column: Column<Row>, rows: readonly Row[]): number {
  return rows.reduce((sum, row) => sum + Number(column.value(row) ?? 0), 0);
}

/** Bars for the figures of another column; the largest is as wide as the column. */
export function shareColumn<Row>(figure: (row: Row) => number, max: number): Column<Row> {
  return {
    key: "share",
    label: "Share",
    value: () => null,
    sortable: false,
    show: (row) => ({ share: max > 0 ? Math.max(0, figure(row) / max) : 0 }),
  };
}
