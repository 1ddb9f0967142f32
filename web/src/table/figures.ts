import type { Hundredths } from "@/data/rounded";

const grouped = new Intl.NumberFormat("en-GB", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const whole = new Intl.NumberFormat("en-GB");

/** 1,484.76 */
export function hoursText(hundredths: Hundredths): string {
  return grouped.format(hundredths / 100);
}

export function countText(count: number): string {
  return whole.format(count);
}

/** +12.50, −3.00 or ±0.00 */
export function changeText(hundredths: Hundredths): string {
  return `${hundredths > 0 ? "+" : hundredths < 0 ? "−" : "±"}${hoursText(Math.abs(hundredths))}`;
}

/** Exact seconds as 4:05:09. */
export function lengthText(seconds: number): string {
  const rest = Math.abs(seconds);
  const two = (n: number) => String(Math.floor(n)).padStart(2, "0");
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
