import { countText, hoursText } from "./figures";

/** A cell that is more than a text: each part is left out where it has none. */
export type CellContent = {
  /** In place of the value. */
  text?: string;
  /** Where the text leads. */
  href?: string;
  /** The text is set apart as a tag of this class. */
  tag?: string;
  /** What follows the text. */
  after?: { className: string; text: string };
  /** A bar of this share of the cell's width, 0 to 1, in place of a text: another column says the same. */
  share?: number;
};

/** A column of a page's table and of its export alike, so that the two cannot differ. */
export type Column<Row> = {
  key: string;
  label: string;
  /** What is sorted by and exported: hundredths of an hour where kind is hours. */
  value: (row: Row) => string | number | null;
  kind?: "text" | "hours" | "count";
  /** How it looks where that is not the value as it is written. */
  show?: (row: Row) => string | CellContent;
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

/** Bars of a figure that another column has, the largest as wide as the column. */
export function shareColumn<Row>(figure: (row: Row) => number, most: number): Column<Row> {
  return { key: "share", label: "Share", value: () => null, sortable: false, show: (row) => ({ share: most > 0 ? Math.max(0, figure(row) / most) : 0 }) };
}
