import { getCalendar, getCalendarAndRange } from "@/data/calendar";
import { getDeliveriesById, getDeliveryIds } from "@/data/digests";
import { inBatches } from "@/data/paging";
import { getPreviewIds, getPreviewsById } from "@/data/previews";
import { openReader } from "@/data/read";
import { lastDay } from "@/range/range";
import type { State } from "@/range/state";
import { exportOf, exportOfBatches } from "@/table/export";
import { exportedColumns, exportedWaitingColumns, loadDigests, orderIn } from "./load";
import { exportedPreviewColumns } from "./preview_columns";

export async function exportDigests(state: State) {
  if (state.table === "waiting") {
    const { calendar, waiting } = await loadDigests(state);
    return exportOf("digests waiting", exportedWaitingColumns(calendar.timeZone), waiting);
  }
  const data = await openReader();
  if (state.table === "previews") {
    const { zone, ids } = await data.read(async (sql) => ({
      zone: (await getCalendar(sql)).timeZone,
      ids: await getPreviewIds(sql, state.q),
    }));
    return exportOfBatches(
      "previews",
      exportedPreviewColumns(zone),
      inBatches(ids, (some) => data.read((sql) => getPreviewsById(sql, some))),
      data,
    );
  }
  const { calendar, range, ids } = await data.read(async (sql) => {
    const { calendar, range } = await getCalendarAndRange(sql, state);
    return { calendar, range, ids: await getDeliveryIds(sql, range, state, orderIn(state)) };
  });
  return exportOfBatches(
    `digests ${range.since} ${lastDay(range)}`,
    exportedColumns(calendar.timeZone),
    inBatches(ids, (some) => data.read((sql) => getDeliveriesById(sql, some))),
    data,
  );
}
