// A table's rows as HTML. React would write every cell three times over, as an element, as the HTML made of it and as
// what the browser is to make of it again, though nothing in a row ever changes there: most of a long page's time.
import escapeHtml from "escape-html";
import { cellText, type Column } from "./columns";

function contentOf<Row>(column: Column<Row>, row: Row): string {
  const shown = column.show?.(row) ?? {};
  if (typeof shown === "string") return escapeHtml(shown);
  if (shown.share !== undefined) return `<svg class="share" aria-hidden="true"><rect width="${(100 * shown.share).toFixed(1)}%"></rect></svg>`;
  const text = escapeHtml(shown.text ?? cellText(column, row));
  const linked = shown.href === undefined ? text : `<a href="${escapeHtml(shown.href)}">${text}</a>`;
  const tagged = shown.tag === undefined ? linked : `<span class="tag ${escapeHtml(shown.tag)}">${linked}</span>`;
  return shown.after ? `${tagged}<span class="${escapeHtml(shown.after.className)}">${escapeHtml(shown.after.text)}</span>` : tagged;
}

function cellOf<Row>(column: Column<Row>, row: Row): string {
  const kind = column.kind ?? "text";
  const isZero = kind !== "text" && column.value(row) === 0;
  const attributes = `class="${kind}${isZero ? " zero" : ""}" data-column="${escapeHtml(column.key)}"`;
  return column.isName ? `<th scope="row" ${attributes}>${contentOf(column, row)}</th>` : `<td ${attributes}>${contentOf(column, row)}</td>`;
}

/** For a tbody's dangerouslySetInnerHTML. Whatever is not written here goes through escapeHtml. */
export function bodyOf<Row>(columns: readonly Column<Row>[], rows: readonly Row[], rowKey: (row: Row) => string | number): { __html: string } {
  return { __html: rows.map((row) => `<tr data-row="${escapeHtml(String(rowKey(row)))}">${columns.map((column) => cellOf(column, row)).join("")}</tr>`).join("") };
}
