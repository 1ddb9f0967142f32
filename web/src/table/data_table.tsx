import type { ReactNode } from "react";
import { AppLink } from "@/components/app_link";
import { RoundingHint } from "@/components/rounding_hint";
import { hoursUnit } from "@/data/unit";
import { address, type State } from "@/range/state";
import type { Order } from "./arrange";
import { bodyOf } from "./body";
import { type Column, figureText, totalOf } from "./columns";
import { ExportLinks } from "./export_links";

type Properties<Row> = {
  id: string;
  caption: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  rowKey: (row: Row) => string | number;
  path: string;
  state: State;
  order: Order | null;
  /** The name of this table's order in the address. */
  sortParameter?: string;
  /** The address of its export as CSV. */
  csv?: string;
  empty: ReactNode;
  tools?: ReactNode;
  /** Between the table and the remark on rounding. */
  note?: ReactNode;
  /** In place of the remark on rounding, where hours are not rounded for this table. */
  rounding?: ReactNode;
  totalLabel?: string;
  /** The footer's sums, if the rows shown are not all rows. */
  totals?: Readonly<Record<string, number>>;
};

/** More than fit side by side on a sheet of paper in portrait. */
const manyColumns = 14;

export async function DataTable<Row>({
  id,
  caption,
  columns,
  rows,
  rowKey,
  path,
  state,
  order,
  sortParameter = "sort",
  csv,
  empty,
  tools,
  note,
  rounding,
  totalLabel,
  totals,
}: Properties<Row>) {
  const unit = await hoursUnit();
  const roundedUnit = columns.find((column) => column.kind === "hours" && column.total)?.unit ?? unit;
  const isRounded = rows.length > 0 && columns.some((column) => column.kind === "hours" && column.total);
  const hasTotal = rows.length > 0 && columns.some((column) => column.total);
  return (
    <section className="panel" aria-labelledby={`${id}-title`}>
      <div className="panel-head">
        <h2 id={`${id}-title`}>{caption}</h2>
        <div className="panel-tools">
          {tools}
          {csv && <ExportLinks csv={csv} caption={caption} />}
        </div>
      </div>
      {rows.length === 0 ? (
        <p className="empty">{empty}</p>
      ) : (
        <div className="scroller" role="region" aria-label={`${caption}: table`} tabIndex={0}>
          <table data-table={id} className={columns.length > manyColumns ? "many" : undefined}>
            <thead>
              <tr>
                {columns.map((column) => {
                  const isOrder = order?.key === column.key;
                  // Figures start with the largest, names with A.
                  const wanted = isOrder
                    ? order.isDescending
                      ? column.key
                      : `-${column.key}`
                    : column.kind && column.kind !== "text"
                      ? `-${column.key}`
                      : column.key;
                  return (
                    <th
                      key={column.key}
                      scope="col"
                      className={column.kind ?? "text"}
                      aria-sort={isOrder ? (order.isDescending ? "descending" : "ascending") : undefined}
                    >
                      {column.sortable === false ? (
                        column.label
                      ) : (
                        <AppLink
                          href={address(path, state, { [sortParameter]: wanted, after: null, page: null })}
                          scroll={false}
                        >
                          {column.label}
                          {isOrder && (
                            <span className="arrow" aria-hidden="true">
                              {order.isDescending ? "↓" : "↑"}
                            </span>
                          )}
                        </AppLink>
                      )}
                    </th>
                  );
                })}
              </tr>
            </thead>
            <tbody dangerouslySetInnerHTML={bodyOf(columns, rows, rowKey, unit)} />
            {hasTotal && (
              <tfoot>
                <tr>
                  {columns.map((column, n) =>
                    n === 0 ? (
                      <th key={column.key} scope="row">
                        {totalLabel ?? "Total"}
                      </th>
                    ) : (
                      <td key={column.key} className={column.kind ?? "text"} data-total={column.key}>
                        {column.total && figureText(column, totals?.[column.key] ?? totalOf(column, rows), unit)}
                      </td>
                    ),
                  )}
                </tr>
              </tfoot>
            )}
          </table>
        </div>
      )}
      {note}
      {isRounded && (rounding ?? <RoundingHint unit={roundedUnit} />)}
    </section>
  );
}
