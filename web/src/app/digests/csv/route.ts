import type { NextRequest } from "next/server";
import { getCalendarAndRange } from "@/data/calendar";
import { getDeliveriesById, getDeliveryIds } from "@/data/digests";
import { inBatches } from "@/data/paging";
import { reader } from "@/data/read";
import { answering } from "@/http/answering";
import { lastDay } from "@/range/range";
import { stateOf } from "@/range/state";
import { csvStream } from "@/table/csv_stream";
import { exportedColumns, orderIn } from "../load";

export const GET = answering(async (request: NextRequest) => {
  const state = stateOf(request.nextUrl.searchParams);
  const its = await reader();
  const { range, ids } = await its.read(async (sql) => {
    const { range } = await getCalendarAndRange(sql, state);
    return { range, ids: await getDeliveryIds(sql, range, state, orderIn(state)) };
  });
  return csvStream(`digests ${range.since} ${lastDay(range)}`, exportedColumns, inBatches(ids, (some) => its.read((sql) => getDeliveriesById(sql, some))), its);
});
