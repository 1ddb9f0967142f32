import { getCalendar } from "@/data/calendar";
import { inBatches } from "@/data/paging";
import { openReader } from "@/data/read";
import { getCorrectionIds, getCorrectionsById } from "@/data/staff_log";
import { exportOfBatches } from "@/table/export";
import { correctionColumns } from "./columns";

export async function exportCorrections() {
  const data = await openReader();
  const { zone, ids } = await data.read(async (sql) => ({
    zone: (await getCalendar(sql)).timeZone,
    ids: await getCorrectionIds(sql),
  }));
  return exportOfBatches(
    "corrections",
    correctionColumns(zone),
    inBatches(ids, (some) => data.read((sql) => getCorrectionsById(sql, some))),
    data,
  );
}
