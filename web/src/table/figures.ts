import type { Figure } from "@/data/rounded";
import type { Unit } from "@/range/hours_unit";

const grouped = new Intl.NumberFormat("en-GB", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const whole = new Intl.NumberFormat("en-GB");

const two = (n: number) => String(Math.floor(n)).padStart(2, "0");

/** As whole.format(), which takes longer than all else of a table's cell. */
const wholeText = (n: number) => (n >= 0 && n < 1000 && Number.isInteger(n) ? String(n) : whole.format(n));

/** 1,484.76, or 1,484:46 in minutes */
export function hoursText(figure: Figure, unit: Unit): string {
  if (unit === 36)
    return figure >= 0 && figure < 100_000 && Number.isInteger(figure)
      ? `${Math.floor(figure / 100)}.${two(figure % 100)}`
      : grouped.format(figure / 100);
  const minutes = Math.abs(figure);
  return `${figure < 0 ? "-" : ""}${wholeText(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

/** A figure as a number of hours, for a chart's scale. */
export function hoursOf(figure: Figure, unit: Unit): number {
  return (figure * unit) / 3600;
}

/** What hoursOf() gave, in words. */
export function inHours(hours: number, unit: Unit): string {
  return `${hoursText(Math.round((hours * 3600) / unit), unit)} hours`;
}

export function countText(count: number): string {
  return wholeText(count);
}

/** +12.50, −3.00 or ±0.00 */
export function changeText(figure: Figure, unit: Unit): string {
  return `${figure > 0 ? "+" : figure < 0 ? "−" : "±"}${hoursText(Math.abs(figure), unit)}`;
}

/** Exact seconds as 4:05:09. */
export function lengthText(seconds: number): string {
  const rest = Math.abs(seconds);
  return `${seconds < 0 ? "−" : ""}${Math.floor(rest / 3600)}:${two((rest % 3600) / 60)}:${two(rest % 60)}`;
}

/** Whole minutes that have passed, as 4:05. */
export function clockText(seconds: number): string {
  return lengthText(seconds).slice(0, -3);
}

/** An approximate length: 40 s, 12 min, 3 h, 5 days. */
export function ageText(seconds: number): string {
  if (seconds < 120) return `${Math.max(0, Math.round(seconds))} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  return seconds < 172_800 ? `${Math.round(seconds / 3600)} h` : `${Math.round(seconds / 86_400)} days`;
}
