import type { Column } from "./columns";

const byteOrderMark = "\uFEFF"; // without it Excel misreads UTF-8

const blank = "\\s\\p{C}\\p{Default_Ignorable_Code_Point}\\u2800";
const sign = "[=+\\-@\\t\\r\\uFF1D\\uFF0B\\uFF0D\\uFF20\\uFE66\\uFE62\\uFE63\\uFE6B]";
const formula = new RegExp(`^(?=[${blank}]*${sign})|(?<=[;\\t])(?=[${blank}"]*${sign})`, "gu");

/**
 * Marks as text what a spreadsheet would run as a formula. Some skip blanks and invisible characters before the sign,
 * and treat wide and small signs like the others; to one that separates cells by ; or tabs, a cell begins after these.
 */
function field(text: string): string {
  const safe = text.replace(formula, "'");
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

export function csvResponse(name: string, body: string | ReadableStream<Uint8Array>): Response {
  return new Response(typeof body === "string" ? byteOrderMark + body : body, {
    headers: {
      "Content-Type": "text/csv; charset=utf-8",
      "Content-Disposition": `attachment; filename="${name.replace(/[^\w.-]+/g, "-")}.csv"`,
      "Cache-Control": "private, no-store",
    },
  });
}

export { byteOrderMark };
