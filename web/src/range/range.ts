import { addDays, daysBetween, isDay, isMonth, monthStart, spanText, weekStart } from "./days";
import type { State } from "./state";

/** Workdays in [since, until). */
export type Range = { since: string; until: string; wasShortened: boolean; wasSwapped?: boolean };

/** The current day, and the weekday on which a week begins. */
export type Calendar = { today: string; weekStartsOn: number; timeZone: string };

const maxDays = 366;

/** By their ISO numbers, 1 to 7. */
export const weekdayNames = ["", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"] as const;

export function thisWeek(calendar: Calendar): Range {
  const since = weekStart(calendar.today, calendar.weekStartsOn);
  return { since, until: addDays(since, 7), wasShortened: false };
}

/** The days from from to to, both included; this week without them. */
export function rangeOf(state: State, calendar: Calendar): Range {
  const { from, to } = state;
  if (!isDay(from) && !isDay(to)) return thisWeek(calendar);
  const first = isDay(from) ? from : (to as string);
  const last = isDay(to) ? to : first;
  const swapped = first > last && { wasSwapped: true };
  const [since, until] = swapped ? [last, addDays(first, 1)] : [first, addDays(last, 1)];
  if (daysBetween(since, until) <= maxDays) return { since, until, wasShortened: false, ...swapped };
  return { since: addDays(until, -maxDays), until, wasShortened: true, ...swapped };
}

/** The first day of the month that an address asks for; without, of the one in which the days shown end, or today's. */
export function monthOf({ month }: State, range: Range, { today }: Calendar): string {
  if (isMonth(month)) return `${month}-01`;
  return monthStart(lastDay(range) <= today ? lastDay(range) : range.since > today ? range.since : today);
}

export function lastDay(range: Range): string {
  return addDays(range.until, -1);
}

export function rangeText(range: Range): string {
  return spanText(range.since, lastDay(range));
}

/** What to say of days that are not those that were asked for; none where they are. */
export function rangeChanges(range: Range): string[] {
  return [
    ...(range.wasSwapped ? [`The days were in the wrong order; shown are ${rangeText(range)}.`] : []),
    ...(range.wasShortened ? ["At most 366 days are shown at once: the last 366 of those you chose."] : []),
  ];
}

/** The same number of days just before. */
export function before(range: Range): Range {
  return {
    since: addDays(range.since, -daysBetween(range.since, range.until)),
    until: range.since,
    wasShortened: false,
  };
}

export function after(range: Range): Range {
  return {
    since: range.until,
    until: addDays(range.until, daysBetween(range.since, range.until)),
    wasShortened: false,
  };
}

export function inState(range: Range): { from: string; to: string } {
  return { from: range.since, to: lastDay(range) };
}

export function presets(calendar: Calendar): { name: string; range: Range }[] {
  const week = thisWeek(calendar);
  const month = monthStart(calendar.today);
  const nextMonth = monthStart(addDays(month, 31));
  const lastMonth = monthStart(addDays(month, -1));
  const whole = (since: string, until: string): Range => ({ since, until, wasShortened: false });
  return [
    { name: "This week", range: week },
    { name: "Last week", range: before(week) },
    { name: "4 weeks", range: whole(addDays(week.since, -21), week.until) },
    { name: "This month", range: whole(month, nextMonth) },
    { name: "Last month", range: whole(lastMonth, month) },
  ];
}
