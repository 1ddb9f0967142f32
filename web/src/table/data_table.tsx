import type { ReactNode } from "react";
import { To } from "@/components/to";
import { address, type State } from "@/range/state";
import type { Order } from "./arrange";
import { bodyOf } from "./body";
import { type Column, figureText, totalOf } from "./columns";

type Properties<Row> = {
  id: string;
  caption: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  rowKey: (row: Row) => string | number;
  path: string;
  state: State;
  order: Order | null;
  /** The part of the address that holds this table's order. */
  sortParameter?: string;
  /** Where its export is; none if it has none. */
  csv?: string;
  empty: ReactNode;
  tools?: ReactNode;
  totalLabel?: string;
  /** The foot's sums where the rows shown are a part of all. */
  totals?: Readonly<Record<string, number>>;
};

export function DataTable<Row>({ id, caption, columns, rows, rowKey, path, state, order, sortParameter = "sort", csv, empty, tools, totalLabel, totals }: Properties<Row>) {
  const isRounded = rows.length > 0 && columns.some((column) => column.kind === "hours" && column.total);
  const hasTotal = rows.length > 0 && columns.some((column) => column.total);
  return (
    <section className="panel" aria-labelledby={`${id}-title`}>
      <div className="panel-head">
        <h2 id={`${id}-title`}>{caption}</h2>
        <div className="panel-tools">
          {tools}
          {csv && (
            <a className="button quiet" href={csv} download>
              CSV<span className="unseen"> of {caption}</span>
            </a>
          )}
        </div>
      </div>
      {rows.length === 0 ? (
        <p className="empty">{empty}</p>
      ) : (
        <div className="scroller" role="region" aria-label={`${caption}: table`} tabIndex={0}>
          <table data-table={id}>
            <thead>
              <tr>
                {columns.map((column) => {
                  const isOrder = order?.key === column.key;
                  // Figures are wanted from the largest down, names from A on.
                  const wanted = isOrder ? (order.isDescending ? column.key : `-${column.key}`) : column.kind && column.kind !== "text" ? `-${column.key}` : column.key;
                  return (
                    <th key={column.key} scope="col" className={column.kind ?? "text"} aria-sort={isOrder ? (order.isDescending ? "descending" : "ascending") : undefined}>
                      {column.sortable === false ? (
                        column.label
                      ) : (
                        <To href={address(path, state, { [sortParameter]: wanted, after: null, page: null })} scroll={false}>
                          {column.label}
                          {isOrder && <span className="arrow" aria-hidden="true">{order.isDescending ? "↓" : "↑"}</span>}
                        </To>
                      )}
                    </th>
                  );
                })}
              </tr>
            </thead>
            <tbody dangerouslySetInnerHTML={bodyOf(columns, rows, rowKey)} />
            {hasTotal && (
              <tfoot>
                <tr>
                  {columns.map((column, n) =>
                    n === 0 ? (
                      <th key={column.key} scope="row">{totalLabel ?? "Together"}</th>
                    ) : (
                      <td key={column.key} className={column.kind ?? "text"} data-total={column.key}>
                        {column.total && figureText(column, totals?.[column.key] ?? totalOf(column, rows))}
                      </td>
                    ),
                  )}
                </tr>
              </tfoot>
            )}
          </table>
        </div>
      )}
      {isRounded && <p className="hint">Hours are rounded table by table, so that each adds up: the same hours elsewhere may differ by 0.01.</p>}
    </section>
  );
}
