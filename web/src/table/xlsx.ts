// A table as a workbook of one sheet. Each cell has a type, so that no text can become a formula.
import { writeXlsxStream } from "hucre/xlsx";
import type { Column } from "./columns";

type Cell = string | number | Date | null;

const formats = { day: "yyyy-mm-dd", minute: "yyyy-mm-dd hh:mm", second: "yyyy-mm-dd hh:mm:ss" };
const widths = { day: 12, minute: 17, second: 20 };

/** The most characters that a cell may have. */
const maxLength = 32_767;

/** XML has no control characters, and a spreadsheet reads _x0041_ as A unless its _ is escaped. */
function textOf(text: string): string {
  return (
    text
      // eslint-disable-next-line no-control-regex -- control characters are what is looked for
      .replace(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]|\p{Cs}/gu, "\uFFFD")
      .replace(/_(?=x[0-9a-f]{4}_)/gi, "_x005F_")
      .slice(0, maxLength)
  );
}

/** A date or a local time as it is written; a spreadsheet's dates have no zone, and begin in 1900. */
function momentOf(text: string): Date | null {
  const parts = /^(\d{4}-\d\d-\d\d)(?:[ T](\d\d:\d\d(?::\d\d(?:\.\d+)?)?)Z?)?$/.exec(text);
  const date = parts && new Date(`${parts[1]}T${parts[2] ?? "00:00"}Z`);
  const isDate = date && !Number.isNaN(date.getTime()) && date.toISOString().startsWith(parts[1] ?? "");
  return isDate && date.getUTCFullYear() > 1900 ? date : null;
}

function cellOf<Row>(column: Column<Row>, row: Row): Cell {
  const value = column.value(row);
  if (value === null || value === "") return null;
  if (typeof value === "number") return column.kind === "hours" ? value / 100 : value;
  return (column.moment && momentOf(value)) ?? textOf(value);
}

async function* rowsOf<Row>(columns: readonly Column<Row>[], batches: AsyncIterator<readonly Row[], void>) {
  for (let next = await batches.next(); !next.done; next = await batches.next())
    for (const row of next.value) yield columns.map((column) => cellOf(column, row));
}

/** Any number of rows; one batch is in memory at a time. More than a sheet can hold go on in a second one. */
export function xlsxStream<Row>(
  name: string,
  columns: readonly Column<Row>[],
  batches: AsyncIterator<readonly Row[], void>,
): ReadableStream<Uint8Array> {
  return writeXlsxStream(rowsOf(columns, batches), {
    name: name
      .replace(/[^\w -]+/g, " ")
      .slice(0, 31)
      .trim(),
    columns: columns.map((column) => ({
      header: textOf(column.label),
      width: column.moment
        ? widths[column.moment]
        : (column.kind ?? "text") === "text"
          ? column.isName
            ? 28
            : 20
          : 12,
      numFmt: column.moment ? formats[column.moment] : column.kind === "hours" ? "0.00" : undefined,
    })),
    freezePane: { rows: 1 },
  });
}
