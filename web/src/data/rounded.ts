import type { Sql } from "./database";

/** Hundredths of an hour: whole numbers, so that sums of what is shown are exact. */
export type Hundredths = number;

/**
 * Rounds each column of seconds once, by the database's rule (R12): a column's cells add up to its
 * rounded sum. The order breaks ties: rows come by their ids, as in the e-mails (timesheet.digest_cells()),
 * so that a new name or another order of display changes no figure, and byName() sorts them afterwards.
 */
export async function rounded(sql: Sql, ...columns: readonly (readonly number[])[]): Promise<Hundredths[][]> {
  if (columns.every((column) => column.length === 0)) return columns.map(() => []);
  const rows = await sql<{ hundredths: string }[]>`
    SELECT array_to_string(ARRAY(SELECT (u.h * 100)::bigint
      FROM unnest(timesheet.round_hours(string_to_array(c.seconds, ',')::bigint[])) WITH ORDINALITY AS u (h, n)
      ORDER BY u.n), ',') AS hundredths
    FROM unnest(string_to_array(${columns.map((column) => column.join(",")).join(";")}, ';')) WITH ORDINALITY
      AS c (seconds, n)
    ORDER BY c.n`;
  return rows.map((row) => row.hundredths.split(",").map(Number));
}

const { compare } = new Intl.Collator("en", { numeric: true });

export function byName<Row extends { name: string }>(rows: Row[]): Row[] {
  return rows.sort((a, b) => compare(a.name, b.name));
}
