import type { Column } from "@/table/columns";
import { byteOrderMark, csvHead, csvRows } from "@/table/csv";

/** A table as CSV, in which no cell is a formula. */
export function csvFile<Row>(name: string, columns: readonly Column<Row>[], rows: readonly Row[]): Response {
  return new Response(byteOrderMark + csvHead(columns) + csvRows(columns, rows), {
    headers: {
      "Content-Type": "text/csv; charset=utf-8",
      "Content-Disposition": `attachment; filename="hours ${name.replace(/[^\w -]+/g, "")}.csv"`,
      "Cache-Control": "private, no-store",
    },
  });
}
