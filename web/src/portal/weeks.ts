// Weeks of clients. The weeks of two client groups may begin on different days; those that end in the same week from
// Monday to Sunday belong together, as in an e-mail (timesheet.digest_week()), under that Monday.
import { addDays, isDay, weekStart } from "../range/days.ts";

type Beginning = { weekStartsOn: number; today: string };

/** How many weeks before the current one are shown side by side. */
export const pastWeeks = 12;
/** As far back as the database shows hours, about. */
const furthestWeeks = 56;

/** The Monday under which the week is that begins on this day. */
export function mondayOf(firstDay: string): string {
  return weekStart(addDays(firstDay, 6), 1);
}

/** The Monday of the week that holds a day, of a client group whose weeks begin on a weekday. */
export function mondayOfDay(day: string, weekStartsOn: number): string {
  return mondayOf(weekStart(day, weekStartsOn));
}

/** The first and last day of a client group's week. */
export function daysOfWeek(monday: string, weekStartsOn: number): { first: string; last: string } {
  const first = weekStart(monday, weekStartsOn);
  return { first, last: addDays(first, 6) };
}

/** The days of a week: those of the client groups where all begin it on the same day, else Monday to Sunday. */
export function spanOfWeek(
  monday: string,
  groups: readonly Pick<Beginning, "weekStartsOn">[],
): { first: string; last: string } {
  const begins = new Set(groups.map((group) => group.weekStartsOn));
  return daysOfWeek(monday, begins.size === 1 ? ([...begins][0] ?? 1) : 1);
}

/** The newest week that has begun for any of them. */
export function currentWeek(groups: readonly Beginning[]): string {
  return groups.map((group) => mondayOfDay(group.today, group.weekStartsOn)).reduce((a, b) => (a > b ? a : b));
}

/**
 * Whether a week can hold hours that are not complete: of today, or of a day after which no hours have been read. A day
 * of an agent in the west ends up to two days later by the clock of a client in the east.
 */
export function isLive(week: string, groups: readonly (Beginning & { asOf: string | null })[]): boolean {
  return groups.some(({ today, asOf, weekStartsOn }) => {
    if (asOf === null) return true;
    const known = asOf > today ? today : asOf.slice(0, 10);
    return week >= mondayOfDay(addDays(known, -2), weekStartsOn);
  });
}

/** The current week and those before it, the newest first. */
export function weeksShown(groups: readonly Beginning[]): string[] {
  const current = currentWeek(groups);
  return Array.from({ length: pastWeeks + 1 }, (_, n) => addDays(current, -7 * n));
}

/** The week that an address names, if it has begun and is not too long ago. */
export function weekOf(text: string, groups: readonly Beginning[]): string | null {
  if (!isDay(text) || weekStart(text, 1) !== text) return null;
  const current = currentWeek(groups);
  return text <= current && text >= addDays(current, -7 * furthestWeeks) ? text : null;
}

/** Days, [since, until), that hold these weeks wherever they begin. */
export function daysAround(first: string, last: string): { since: string; until: string } {
  return { since: addDays(first, -6), until: addDays(last, 7) };
}
