import type { NextRequest } from "next/server";
import { daysAsked } from "@/data/calendar";
import { runsById, runIds } from "@/data/runs";
import { inBatches } from "@/data/paging";
import { reader } from "@/data/read";
import { lastDay } from "@/range/range";
import { stateOf } from "@/range/state";
import { csvStream } from "@/table/csv_stream";
import { orderIn, runColumns } from "../load";

export async function GET(request: NextRequest): Promise<Response> {
  const state = stateOf(request.nextUrl.searchParams);
  const read = await reader();
  const { range, ids } = await read(async (sql) => {
    const { range } = await daysAsked(sql, state);
    return { range, ids: await runIds(sql, range, state, orderIn(state)) };
  });
  return csvStream(`runs ${range.since} ${lastDay(range)}`, runColumns, inBatches(ids, (some) => read((sql) => runsById(sql, some))));
}
