import type { NextRequest } from "next/server";
import { daysAsked } from "@/data/calendar";
import { deliveriesById, deliveryIds } from "@/data/digests";
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
    const { range } = await daysAsked(sql, state);
    return { range, ids: await deliveryIds(sql, range, state, orderIn(state)) };
  });
  return csvStream(`digests ${range.since} ${lastDay(range)}`, exportedColumns, inBatches(ids, (some) => its.read((sql) => deliveriesById(sql, some))), its);
});
