import { addDays, monthStart } from "@/range/days";
import type { Sql } from "./database";
import { type Figure, rounded } from "./rounded";
import { daysOf, type Whose } from "./weeks";

export type MonthDay = { day: string; hours: Figure };
export type Month = { since: string; until: string; days: MonthDay[] };

/** Each day of the month that holds the day. */
export async function getMonth(sql: Sql, whose: Whose, day: string): Promise<Month> {
  const since = monthStart(day);
  const until = monthStart(addDays(since, 31));
  const rows = await sql<{ day: string; work: number }[]>`
    SELECT d.day::text AS day, coalesce(sum(r.work_seconds), 0)::bigint AS work
    FROM (SELECT ${since}::text::date + n AS day
      FROM generate_series(0, ${until}::text::date - ${since}::text::date - 1) AS n) AS d
    LEFT JOIN ${daysOf(sql, whose, { since, until, wasShortened: false })} AS r ON r.day = d.day
    GROUP BY d.day ORDER BY d.day`;
  const [hours = []] = await rounded(
    sql,
    rows.map((row) => row.work),
  );
  return { since, until, days: rows.map((row, n) => ({ day: row.day, hours: hours[n] ?? 0 })) };
}
