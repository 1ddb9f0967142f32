import type { ReactNode } from "react";
import { hundredth } from "@/range/hours_unit";
import { bodyOf } from "@/table/body";
import { type Column, figureText, totalOf } from "@/table/columns";

type Properties<Row> = {
  id: string;
  caption: string;
  columns: readonly Column<Row>[];
  rows: readonly Row[];
  rowKey: (row: Row) => string | number;
  /** The address of the same as a file. */
  csv: string;
  empty: string;
  children?: ReactNode;
};

/** A table of a few columns, with the sums of the cells shown. */
export function HoursTable<Row>({ id, caption, columns, rows, rowKey, csv, empty, children }: Properties<Row>) {
  const hasTotal = rows.length > 1 && columns.some((column) => column.total);
  return (
    <section className="panel" aria-labelledby={`${id}-title`}>
      <div className="panel-head">
        <h2 id={`${id}-title`}>{caption}</h2>
        {rows.length > 0 && (
          <a className="button quiet" href={csv} download>
            CSV<span className="visually-hidden"> of {caption}</span>
          </a>
        )}
      </div>
      {rows.length === 0 ? (
        <p className="empty">{empty}</p>
      ) : (
        <table data-table={id}>
          <thead>
            <tr>
              {columns.map((column) => (
                <th key={column.key} scope="col" className={column.kind ?? "text"}>
                  {column.label}
                </th>
              ))}
            </tr>
          </thead>
          <tbody dangerouslySetInnerHTML={bodyOf(columns, rows, rowKey, hundredth)} />
          {hasTotal && (
            <tfoot>
              <tr>
                {columns.map((column, n) =>
                  n === 0 ? (
                    <th key={column.key} scope="row">
                      Total
                    </th>
                  ) : (
                    <td key={column.key} className={column.kind ?? "text"} data-total={column.key}>
                      {column.total && figureText(column, totalOf(column, rows), hundredth)}
                    </td>
                  ),
                )}
              </tr>
            </tfoot>
          )}
        </table>
      )}
      {children}
    </section>
  );
}
