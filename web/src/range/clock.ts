// Local times as text, 2026-11-17 09:03:25, as the database writes them in a zone.
import { shortDay, weekday } from "./days.ts";

/** 09:03, with the weekday before it where the date is not the workday's. */
function clockTime(time: string, workday: string): string {
  const clock = time.slice(11, 16);
  return time.slice(0, 10) === workday ? clock : `${weekday(time.slice(0, 10))} ${clock}`;
}

/** 09:03 – 17:30; a weekday that both have is written once. */
export function clockSpan(from: string, until: string | null, workday: string): string {
  if (until === null) return clockTime(from, workday);
  const end = from.slice(0, 10) === until.slice(0, 10) ? until.slice(11, 16) : clockTime(until, workday);
  const isBack = from.slice(0, 10) !== until.slice(0, 10) && until.slice(0, 10) === workday;
  return `${clockTime(from, workday)} – ${isBack ? `${weekday(workday)} ` : ""}${end}`;
}

/** By how many minutes the clock was put forward (or back, below zero) between two local times. */
export function clockShift(from: string, until: string, seconds: number): number {
  const of = (time: string) => Date.parse(`${time.replace(" ", "T")}Z`) / 1000;
  return Math.round((of(until) - of(from) - seconds) / 60);
}

/** Tue 17 Nov 18:02, with the year where it is not that of the day on which it is read. */
export function seenText(time: string, day: string): string {
  const year = time.slice(0, 4) === day.slice(0, 4) ? "" : ` ${time.slice(0, 4)}`;
  return `${weekday(time.slice(0, 10))} ${shortDay(time)}${year} ${time.slice(11, 16)}`;
}
