import type { NextRequest } from "next/server";
import { getCalendarAndRange } from "@/data/calendar";
import { getDeliveriesById, getDeliveryIds } from "@/data/digests";
import { inBatches } from "@/data/paging";
import { openReader } from "@/data/read";
import { withErrorResponse } from "@/http/failures";
import { lastDay } from "@/range/range";
import { stateOf } from "@/range/state";
import { csvStream } from "@/table/csv_stream";
import { exportedColumns, orderIn } from "../load";

export const GET = withErrorResponse(async (request: NextRequest) => {
  const state = stateOf(request.nextUrl.searchParams);
  const data = await openReader();
  const { calendar, range, ids } = await data.read(async (sql) => {
    const { calendar, range } = await getCalendarAndRange(sql, state);
    return { calendar, range, ids: await getDeliveryIds(sql, range, state, orderIn(state)) };
  });
  return csvStream(
    `digests ${range.since} ${lastDay(range)}`,
    exportedColumns(calendar.timeZone),
    inBatches(ids, (some) => data.read((sql) => getDeliveriesById(sql, some))),
    data,
  );
});
