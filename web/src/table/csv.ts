import type { Column } from "./columns";

export const byteOrderMark = "\uFEFF"; // without it Excel misreads UTF-8

/**
 * Marks as text what a spreadsheet would run as a formula. Some skip blanks and invisible characters before the sign,
 * and treat wide and small signs like the others. A semicolon is quoted too: to some it is what separates cells.
 */
function field(text: string): string {
  const formula =
    /^[\s\p{C}\p{Default_Ignorable_Code_Point}\u2800]*[=+\-@\t\r\uFF1D\uFF0B\uFF0D\uFF20\uFE66\uFE62\uFE63\uFE6B]/u;
  const safe = formula.test(text) ? `'${text}` : text;
  return /[",;\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

function plainNumber<Row>(column: Column<Row>, value: number): string {
  return column.kind === "hours" ? (value / 100).toFixed(2) : String(value);
}

export function csvHead<Row>(columns: readonly Column<Row>[]): string {
  return `${columns.map((column) => field(column.label)).join(",")}\r\n`;
}

export function csvRows<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string {
  return rows
    .map((row) => {
      const cells = columns.map((column) => {
        const value = column.value(row);
        return value === null ? "" : typeof value === "number" ? plainNumber(column, value) : field(value);
      });
      return `${cells.join(",")}\r\n`;
    })
    .join("");
}
