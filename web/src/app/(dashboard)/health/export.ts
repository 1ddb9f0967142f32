import { getCalendarAndRange } from "@/data/calendar";
import { inBatches } from "@/data/paging";
import { openReader } from "@/data/read";
import { getRunIds, getRunsById } from "@/data/runs";
import { lastDay } from "@/range/range";
import type { State } from "@/range/state";
import { exportOfBatches } from "@/table/export";
import { orderIn, runColumns } from "./load";

export async function exportRuns(state: State) {
  const data = await openReader();
  const { calendar, range, ids } = await data.read(async (sql) => {
    const { calendar, range } = await getCalendarAndRange(sql, state);
    return { calendar, range, ids: await getRunIds(sql, range, state, orderIn(state)) };
  });
  return exportOfBatches(
    `runs ${range.since} ${lastDay(range)}`,
    runColumns(calendar.timeZone),
    inBatches(ids, (some) => data.read((sql) => getRunsById(sql, some))),
    data,
  );
}
