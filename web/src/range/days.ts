// Calendar dates as text (YYYY-MM-DD): no clock, no zone.

const dayMs = 86_400_000;

function parse(day: string): Date {
  return new Date(`${day}T00:00:00Z`);
}

export function isDay(text: string | undefined): text is string {
  if (!text || !/^[12]\d{3}-\d\d-\d\d$/.test(text)) return false;
  const date = parse(text);
  return !Number.isNaN(date.getTime()) && date.toISOString().slice(0, 10) === text;
}

export function addDays(day: string, days: number): string {
  return new Date(parse(day).getTime() + days * dayMs).toISOString().slice(0, 10);
}

export function daysBetween(since: string, until: string): number {
  return Math.round((parse(until).getTime() - parse(since).getTime()) / dayMs);
}

/** R11: the first day of the week that holds the day; weekdays are ISO, 1 Monday to 7 Sunday. */
export function weekStart(day: string, startsOn: number): string {
  return addDays(day, -((((parse(day).getUTCDay() - startsOn) % 7) + 7) % 7));
}

/** Whether the text is a month, such as 2026-11. */
export function isMonth(text: string | undefined): text is string {
  return text !== undefined && isDay(`${text}-01`);
}

export function monthStart(day: string): string {
  return `${day.slice(0, 7)}-01`;
}

const weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"] as const;
const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"] as const;

export function weekday(day: string): string {
  return weekdays[parse(day).getUTCDay()] ?? "";
}

export function isWeekend(day: string): boolean {
  return parse(day).getUTCDay() % 6 === 0;
}

/** 16 Nov */
export function shortDay(day: string): string {
  return `${Number(day.slice(8, 10))} ${months[Number(day.slice(5, 7)) - 1] ?? ""}`;
}

/** Mon 16 Nov 2026 */
export function longDay(day: string): string {
  return `${weekday(day)} ${shortDay(day)} ${day.slice(0, 4)}`;
}

/** A time such as 2026-11-23 03:05 as 23 Nov 2026, 03:05. */
export function timeText(time: string | null): string {
  return time === null ? "" : `${shortDay(time)} ${time.slice(0, 4)}, ${time.slice(11)}`;
}

export function monthName(day: string): string {
  return `${months[Number(day.slice(5, 7)) - 1] ?? ""} ${day.slice(0, 4)}`;
}

/** 16 – 22 Nov 2026, both days included. */
export function spanText(first: string, last: string): string {
  if (first === last) return longDay(first);
  if (first.slice(0, 7) === last.slice(0, 7))
    return `${Number(first.slice(8))} – ${shortDay(last)} ${last.slice(0, 4)}`;
  if (first.slice(0, 4) === last.slice(0, 4)) return `${shortDay(first)} – ${shortDay(last)} ${last.slice(0, 4)}`;
  return `${shortDay(first)} ${first.slice(0, 4)} – ${shortDay(last)} ${last.slice(0, 4)}`;
}
