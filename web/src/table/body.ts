// A table's rows as HTML. React would write every cell three times, as an element, as HTML and as data for the browser,
// though rows never change there: that was most of a long page's time.
import escapeHtml from "escape-html";
import type { Unit } from "@/range/hours_unit";
import { cellText, type Column } from "./columns";

function contentOf<Row>(column: Column<Row>, row: Row, unit: Unit): string {
  const content = column.show?.(row) ?? {};
  if (typeof content === "string") return escapeHtml(content);
  if (content.share !== undefined)
    return `<svg class="share" aria-hidden="true"><rect width="${(100 * content.share).toFixed(1)}%"></rect></svg>`;
  const text = escapeHtml(content.text ?? cellText(column, row, unit));
  const linked = content.href === undefined ? text : `<a href="${escapeHtml(content.href)}">${text}</a>`;
  const tagged = content.tag === undefined ? linked : `<span class="tag ${escapeHtml(content.tag)}">${linked}</span>`;
  return content.after
    ? `${tagged}<span class="${escapeHtml(content.after.className)}">${escapeHtml(content.after.text)}</span>`
    : tagged;
}

/** Writes the cells of a column. */
function cellsOf<Row>(column: Column<Row>, unit: Unit): (row: Row) => string {
  const kind = column.kind ?? "text";
  const [begin, end] = column.isName ? ['<th scope="row"', "</th>"] : ["<td", "</td>"];
  const name = `data-column="${escapeHtml(column.key)}"`;
  const plain = `${begin} class="${kind}" ${name}>`;
  const zero = `${begin} class="${kind} zero" ${name}>`;
  return (row) => {
    const isZero = kind !== "text" && column.value(row) === 0;
    return (isZero ? zero : plain) + contentOf(column, row, unit) + end;
  };
}

/** For a tbody's dangerouslySetInnerHTML. Everything but constants and a bar's number goes through escapeHtml. */
export function bodyOf<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  rowKey: (row: Row) => string | number,
  unit: Unit,
): { __html: string } {
  const cells = columns.map((column) => cellsOf(column, unit));
  let html = "";
  for (const row of rows) {
    html += `<tr data-row="${escapeHtml(String(rowKey(row)))}">`;
    for (const cell of cells) html += cell(row);
    html += "</tr>";
  }
  return { __html: html };
}
