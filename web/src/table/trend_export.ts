// What the line of weeks and the month by day show, as tables to export.
import type { Month, MonthDay } from "@/data/month";
import type { Week, Weeks } from "@/data/weeks";
import { addDays } from "@/range/days";
import type { State } from "@/range/state";
import type { Column } from "./columns";
import { type Export, exportOf } from "./export";

function weekColumns(mean: number | null): Column<Week>[] {
  return [
    { key: "firstDay", label: "First day", value: (w) => w.since, moment: "day", isName: true },
    { key: "lastDay", label: "Last day", value: (w) => addDays(w.since, 6), moment: "day" },
    { key: "hours", label: "Hours", value: (w) => w.hours, kind: "hours" },
    {
      key: "change",
      label: "Against the mean",
      value: (w) => (mean === null ? null : w.hours - mean),
      kind: "hours",
    },
  ];
}

const monthColumns: Column<MonthDay>[] = [
  { key: "day", label: "Day", value: (d) => d.day, moment: "day", isName: true },
  { key: "hours", label: "Hours", value: (d) => d.hours, kind: "hours" },
];

/** table=weeks or table=month of a client or an agent; null for another table. */
export function trendExport(state: State, name: string, page: { weeks: Weeks; month: Month }): Export | null {
  const { weeks, month } = page;
  if (state.table === "weeks")
    return exportOf(`${name} weeks ${weeks.weeks[0]?.since}`, weekColumns(weeks.mean), weeks.weeks);
  if (state.table === "month") return exportOf(`${name} ${month.since.slice(0, 7)}`, monthColumns, month.days);
  return null;
}
