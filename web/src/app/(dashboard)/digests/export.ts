import { getCalendar, getCalendarAndRange } from "@/data/calendar";
import { getDeliveriesById, getDeliveryIds } from "@/data/digests";
import { inBatches } from "@/data/paging";
import { getPortalOpenings } from "@/data/portal_openings";
import { getPreviewIds, getPreviewsById } from "@/data/previews";
import { openReader } from "@/data/read";
import { lastDay } from "@/range/range";
import type { State } from "@/range/state";
import { arrange } from "@/table/arrange";
import { exportOf, exportOfBatches } from "@/table/export";
import { exportedColumns, exportedWaitingColumns, loadDigests, orderIn, portalOrderIn } from "./load";
import { exportedPortalColumns, portalColumns } from "./portal_columns";
import { exportedPreviewColumns } from "./preview_columns";

export async function exportDigests(state: State) {
  if (state.table === "waiting") {
    const { calendar, waiting } = await loadDigests(state);
    return exportOf("digests waiting", exportedWaitingColumns(calendar.timeZone), waiting);
  }
  const data = await openReader();
  if (state.table === "portal") {
    const { zone, rows } = await data.read(async (sql) => ({
      zone: (await getCalendar(sql)).timeZone,
      rows: await getPortalOpenings(sql),
    }));
    const shown = arrange(rows, portalColumns(zone), state.q, portalOrderIn(state));
    return exportOf("clients portal", exportedPortalColumns(zone), shown);
  }
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
