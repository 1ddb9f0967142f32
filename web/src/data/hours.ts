import type { Range } from "@/range/range";
import { addDays, daysBetween, monthName, monthStart, shortDay, weekday, weekStart } from "@/range/days";
import type { Sql } from "./database";
import type { Figure } from "./rounded";

/** Sums of the reports, in the views' seconds. */
export type Seconds = { work: number; unconfirmed: number; breaks: number };
export type Hours = { hours: Figure; unconfirmed: Figure; breaks: Figure };

/** The report's rows of some days, as a table to select from. */
export function reportOf(sql: Sql, range: Range) {
  return sql`
    (SELECT * FROM timesheet.daily_report AS d WHERE d.workday >= ${range.since}::text::date
      AND d.workday < ${range.until}::text::date)`;
}

export function secondsOf(sql: Sql) {
  return sql`
    coalesce(sum(r.work_seconds), 0)::bigint AS work, coalesce(sum(r.unconfirmed_seconds), 0)::bigint AS unconfirmed,
    coalesce(sum(r.break_seconds), 0)::bigint AS breaks`;
}

/**
 * Whether a row of the report means that an agent worked: a session may count no hours (R6), hours may have no session
 * (R10), and a break alone is neither.
 */
export function hasWorked(sql: Sql) {
  return sql`(r.work_seconds > 0 OR r.sessions > 0)`;
}

/** One client group by its key, of which 0 is none. */
export function ofClient(sql: Sql, key: number) {
  return key === 0 ? sql`client_group_id IS NULL` : sql`client_group_id = ${key}`;
}

/** The columns that a range is shown in: days, or weeks or months where days would be too many. */
export type Slot = { since: string; label: string; longLabel: string };

export function slotsOf(
  range: Range,
  weekStartsOn: number,
): { unit: "day" | "week" | "month"; slots: Slot[]; slotOf: (day: string) => number } {
  const days = daysBetween(range.since, range.until);
  const unit = days <= 31 ? "day" : days <= 182 ? "week" : "month";
  const begin = (day: string) =>
    unit === "day" ? day : unit === "week" ? weekStart(day, weekStartsOn) : monthStart(day);
  const next = (day: string) =>
    unit === "day" ? addDays(day, 1) : unit === "week" ? addDays(day, 7) : monthStart(addDays(day, 31));
  const slots: Slot[] = [];
  for (let day = begin(range.since); day < range.until; day = next(day)) {
    const label =
      unit === "day" ? `${weekday(day)} ${Number(day.slice(8))}` : unit === "week" ? shortDay(day) : monthName(day);
    slots.push({
      since: day,
      label,
      longLabel:
        unit === "day" ? `${weekday(day)} ${shortDay(day)}` : unit === "week" ? `Week of ${shortDay(day)}` : label,
    });
  }
  const index = new Map(slots.map((slot, n) => [slot.since, n]));
  return { unit, slots, slotOf: (day) => index.get(begin(day)) ?? 0 };
}
