import { type ActivityHours, getActivityHours } from "@/data/activities";
import { getCalendar } from "@/data/calendar";
import { byName, type Figure } from "@/data/rounded";
import { read } from "@/data/read";
import { isDay } from "@/range/days";
import { before, inState, type Range, rangeOf, rangeText, thisWeek } from "@/range/range";
import { address, type State } from "@/range/state";
import { arrange, orderOf } from "@/table/arrange";
import type { Column } from "@/table/columns";
import { changeText } from "@/table/figures";

export type ActivityChange = {
  key: number;
  name: string;
  code: string | null;
  hours: Figure;
  other: Figure;
};

/** The activities of either period, each with its hours in both. */
function together(hours: readonly ActivityHours[], other: readonly ActivityHours[]): ActivityChange[] {
  const changes = new Map<number, ActivityChange>();
  for (const each of [...hours, ...other])
    changes.set(each.key, { key: each.key, name: each.name, code: each.code, hours: 0, other: 0 });
  for (const each of hours) Object.assign(changes.get(each.key) ?? {}, { hours: each.hours });
  for (const each of other) Object.assign(changes.get(each.key) ?? {}, { other: each.hours });
  return byName([...changes.values()]);
}

function columnsOf(range: Range, other: Range): Column<ActivityChange>[] {
  const days = inState(range);
  return [
    {
      key: "name",
      label: "Activity",
      value: (a) => a.name,
      isName: true,
      show: (a) => ({ href: address("/entries", { ...days, activity: String(a.key) }) }),
    },
    { key: "code", label: "Code", value: (a) => a.code },
    { key: "hours", label: rangeText(range), value: (a) => a.hours, kind: "hours", total: true },
    { key: "other", label: rangeText(other), value: (a) => a.other, kind: "hours", total: true },
    { key: "change", label: "Change", value: (a) => a.hours - a.other, kind: "hours", total: true, write: changeText },
    {
      key: "percent",
      label: "Change in %",
      value: (a) => (a.other === 0 ? null : Math.round((100 * (a.hours - a.other)) / a.other)),
      kind: "count",
      show: (a) => (a.other > 0 ? {} : a.hours > 0 ? "new" : "–"),
      write: (percent) => `${percent > 0 ? "+" : percent < 0 ? "−" : "±"}${Math.abs(percent)} %`,
    },
  ];
}

/** The period to compare with: with_from to with_to, or as many days just before. */
function otherOf(state: State, range: Range, calendar: Parameters<typeof rangeOf>[1]): Range {
  const asked = { from: state.with_from ?? "", to: state.with_to ?? "" };
  return isDay(asked.from) || isDay(asked.to) ? rangeOf(asked, calendar) : before(range);
}

export async function loadComparison(state: State) {
  const { calendar, range, other, activities } = await read(async (sql) => {
    const calendar = await getCalendar(sql);
    // A week that is not over would be compared with a whole one.
    const range = isDay(state.from) || isDay(state.to) ? rangeOf(state, calendar) : before(thisWeek(calendar));
    const other = otherOf(state, range, calendar);
    const [hours, others] = await Promise.all([getActivityHours(sql, range), getActivityHours(sql, other)]);
    return { calendar, range, other, activities: together(hours, others) };
  });
  const columns = columnsOf(range, other);
  const order = orderOf(columns, state, "sort", "-hours");
  return { calendar, range, other, columns, order, rows: arrange(activities, columns, state.q, order), activities };
}
