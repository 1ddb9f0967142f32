import type { Sql } from "./database";
import { hoursUnit } from "./unit";

/** Whole units of hoursUnit(), hundredths of an hour or minutes, so that sums of what is shown are exact. */
export type Figure = number;

/** Hundredths of an hour, whatever the unit: what an e-mail reported. */
export type Hundredths = number;

/**
 * Rounds each column of seconds once, by the database's rule (R12): a column's cells add up to its
 * rounded sum. The order breaks ties: rows come by their ids, as in the e-mails (timesheet.digest_cells()),
 * so that a new name or another order of display changes no figure, and byName() sorts them afterwards.
 */
export async function rounded(sql: Sql, ...columns: readonly (readonly number[])[]): Promise<Figure[][]> {
  if (columns.every((column) => column.length === 0)) return columns.map(() => []);
  const unit = await hoursUnit();
  const rows = await sql<{ figures: string }[]>`
    -- A column without cells has no figures.
    SELECT coalesce(array_to_string(
      timesheet.round_cells(string_to_array(c.seconds, ',')::bigint[], ${unit}), ','), '') AS figures
    FROM unnest(string_to_array(${columns.map((column) => column.join(",")).join(";")}, ';')) WITH ORDINALITY
      AS c (seconds, n)
    ORDER BY c.n`;
  return rows.map((row) => row.figures.split(",").map(Number));
}

const { compare } = new Intl.Collator("en", { numeric: true });

export function byName<Row extends { name: string }>(rows: Row[]): Row[] {
  return rows.sort((a, b) => compare(a.name, b.name));
}
