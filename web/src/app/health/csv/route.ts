import type { NextRequest } from "next/server";
import { getCalendarAndRange } from "@/data/calendar";
import { getRunsById, getRunIds } from "@/data/runs";
import { inBatches } from "@/data/paging";
import { openReader } from "@/data/read";
import { withErrorResponse } from "@/http/failures";
import { lastDay } from "@/range/range";
import { stateOf } from "@/range/state";
import { csvStream } from "@/table/csv_stream";
import { orderIn, runColumns } from "../load";

export const GET = withErrorResponse(async (request: NextRequest) => {
  const state = stateOf(request.nextUrl.searchParams);
  const data = await openReader();
  const { calendar, range, ids } = await data.read(async (sql) => {
    const { calendar, range } = await getCalendarAndRange(sql, state);
    return { calendar, range, ids: await getRunIds(sql, range, state, orderIn(state)) };
  });
  return csvStream(
    `runs ${range.since} ${lastDay(range)}`,
    runColumns(calendar.timeZone),
    inBatches(ids, (some) => data.read((sql) => getRunsById(sql, some))),
    data,
  );
});
