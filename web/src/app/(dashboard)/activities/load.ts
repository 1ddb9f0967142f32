import { getActivityHours } from "@/data/activities";
import { getCalendarAndRange } from "@/data/calendar";
import { read } from "@/data/read";
import { inState } from "@/range/range";
import type { State } from "@/range/state";
import { activityColumns } from "@/table/activity_columns";
import { arrange, orderOf } from "@/table/arrange";

export async function loadActivities(state: State) {
  const { calendar, range, activities } = await read(async (sql) => {
    const { calendar, range } = await getCalendarAndRange(sql, state);
    return { calendar, range, activities: await getActivityHours(sql, range) };
  });
  const { columns, shown } = activityColumns(inState(range), "all", Math.max(...activities.map((a) => a.hours), 0));
  const order = orderOf(columns, state, "sort", "-hours");
  return { calendar, range, columns, shown, order, rows: arrange(activities, columns, state.q, order) };
}
