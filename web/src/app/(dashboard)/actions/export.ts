import { getCalendar } from "@/data/calendar";
import { inBatches } from "@/data/paging";
import { openReader } from "@/data/read";
import { getStaffActionIds, getStaffActionsById } from "@/data/staff_log";
import { exportOfBatches } from "@/table/export";
import { changeColumns } from "./columns";

export async function exportChanges() {
  const data = await openReader();
  const { zone, ids } = await data.read(async (sql) => ({
    zone: (await getCalendar(sql)).timeZone,
    ids: await getStaffActionIds(sql),
  }));
  return exportOfBatches(
    "changes",
    changeColumns(zone),
    inBatches(ids, (some) => data.read((sql) => getStaffActionsById(sql, some))),
    data,
  );
}
