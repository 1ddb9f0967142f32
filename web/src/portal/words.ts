// What the portal says, for people who are no technicians.
import { shortDay, spanText, weekday } from "../range/days.ts";
import type { Group } from "./visit.ts";
import { spanOfWeek } from "./weeks.ts";

/** As in the e-mails: timesheet.unconfirmed_text() in a sentence. */
export const unconfirmedSentence =
  "Unconfirmed hours are hours without a confirmed clock-out: still running, no clock-out, or clocked out " +
  "automatically. They can still change.";

/** Manila for Asia/Manila; UTC+08:00 for Etc/GMT-8, whose name says the opposite. */
export function zoneName(zone: string): string {
  const offset = /^Etc\/GMT([+-])(\d{1,2})$/.exec(zone);
  if (offset)
    return Number(offset[2]) === 0 ? "UTC" : `UTC${offset[1] === "+" ? "-" : "+"}${offset[2]?.padStart(2, "0")}:00`;
  const named = /^<([+-][\d:]+)>/.exec(zone);
  if (named) return `UTC${named[1]}`;
  return (zone.split("/").at(-1) || zone).replaceAll("_", " ");
}

/** A, B and C; of many the first ones and how many others there are. */
export function listOf(names: readonly string[], max = names.length): string {
  const shown = names.length > max ? [...names.slice(0, max - 1), `${names.length - max + 1} others`] : names;
  return shown.length < 2 ? (shown[0] ?? "") : `${shown.slice(0, -1).join(", ")} and ${shown.at(-1)}`;
}

const unique = (texts: readonly string[]) => [...new Set(texts)];

/** As of 10:42, Manila; of several zones each, and the day where it is not today. */
export function asOfText(groups: readonly Group[]): string {
  const moments = groups.flatMap(({ asOf, timeZone, today }) => {
    if (asOf === null) return [];
    const day = asOf.slice(0, 10) === today ? "" : `${weekday(asOf.slice(0, 10))} ${shortDay(asOf)}, `;
    return `${day}${asOf.slice(11)}, ${zoneName(timeZone)}`;
  });
  return moments.length === 0 ? "No hours have been read yet" : `As of ${listOf(unique(moments), 3)}`;
}

/** In which zones the days are. */
export function zonesText(groups: readonly Group[]): string {
  return listOf(unique(groups.map((group) => zoneName(group.timeZone))), 4);
}

/** 16 – 22 Nov 2026 */
export function weekText(week: string, groups: readonly Pick<Group, "weekStartsOn">[]): string {
  const { first, last } = spanOfWeek(week, groups);
  return spanText(first, last);
}
