// Hours by activity as in an e-mail (timesheet.digest_activities()): what is called the same is one line, and a week's
// lines are rounded together, apart from the cells of agents and days.
import type { Hundredths } from "../data/rounded.ts";
import type { Hours } from "./hours.ts";
import { type Named, total } from "./sums.ts";

type Worked = Pick<
  Hours,
  "week" | "activity" | "activityPlace" | "workSeconds" | "unconfirmedSeconds" | "hours" | "unconfirmed"
>;

/** An activity in a week. */
export type ActivityHours = {
  week: string;
  activity: string;
  /** Its place in the database's order of names. */
  activityPlace: number;
  hours: Hundredths;
  unconfirmed: Hundredths;
};

const secondsPerUnit = 36;

/**
 * A sum of hundredths in parts of these seconds, each at most its limit: all are rounded down, and what the sum still
 * lacks goes to the largest remainders, the earlier part first (R12, timesheet.round_cells()).
 */
export function apportion(
  seconds: readonly number[],
  sum: Hundredths,
  limits: readonly Hundredths[] = seconds.map(() => Infinity),
): Hundredths[] {
  const limitOf = (n: number) => limits[n] ?? 0;
  const parts = seconds.map((each, n) => Math.min(Math.floor(each / secondsPerUnit), limitOf(n)));
  const places = seconds
    .map((each, n) => ({ n, remainder: each % secondsPerUnit }))
    .sort((a, b) => b.remainder - a.remainder || a.n - b.n)
    .map(({ n }) => n);
  let lacking = sum - parts.reduce((a, b) => a + b, 0);
  for (let hasMoved = true; hasMoved && lacking !== 0;) {
    hasMoved = false;
    const step = Math.sign(lacking);
    for (const n of step > 0 ? places : places.toReversed()) {
      const next = (parts[n] ?? 0) + step;
      if (lacking === 0 || next < 0 || next > limitOf(n)) continue;
      parts[n] = next;
      lacking -= step;
      hasMoved = true;
    }
  }
  return parts;
}

const secondsOf = (rows: readonly Worked[], figure: "workSeconds" | "unconfirmedSeconds") =>
  rows.reduce((sum, row) => sum + row[figure], 0);

function ofWeek(week: string, rows: readonly Worked[]): ActivityHours[] {
  // Breaks alone are no work on an activity.
  const lines = [...Map.groupBy(rows, (row) => row.activityPlace)]
    .map(([activityPlace, own]) => ({
      activityPlace,
      activity: own[0]?.activity ?? "",
      worked: secondsOf(own, "workSeconds"),
      unconfirmed: secondsOf(own, "unconfirmedSeconds"),
    }))
    .filter(({ worked }) => worked !== 0)
    .sort((a, b) => a.activityPlace - b.activityPlace);
  const worked = lines.map((line) => line.worked);
  const hours = apportion(worked, Math.round(worked.reduce((a, b) => a + b, 0) / secondsPerUnit));
  // E-mails have none of these: their sum is that of the other tables, and no part is more than the hours in its row.
  const unconfirmed = apportion(
    lines.map((line) => line.unconfirmed),
    total(rows, "unconfirmed"),
    hours,
  );
  return lines.map(({ activity, activityPlace }, n) => ({
    week,
    activity,
    activityPlace,
    hours: hours[n] ?? 0,
    unconfirmed: unconfirmed[n] ?? 0,
  }));
}

/** The activities of each week. */
export function activityHours(rows: readonly Worked[]): ActivityHours[] {
  return [...Map.groupBy(rows, (row) => row.week)].flatMap(([week, own]) => ofWeek(week, own));
}

export const activityOf = (row: ActivityHours): Named => ({
  key: `${row.activityPlace}`,
  name: row.activity,
  detail: "",
});
