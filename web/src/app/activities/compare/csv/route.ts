import type { NextRequest } from "next/server";
import { withErrorResponse } from "@/http/failures";
import { lastDay } from "@/range/range";
import { stateOf } from "@/range/state";
import { csvHead, csvResponse, csvRows } from "@/table/csv";
import { loadComparison } from "../load";

export const GET = withErrorResponse(async (request: NextRequest) => {
  const { columns, rows, range, other } = await loadComparison(stateOf(request.nextUrl.searchParams));
  return csvResponse(
    `activities ${range.since} ${lastDay(range)} and ${other.since} ${lastDay(other)}`,
    csvHead(columns) + csvRows(columns, rows),
  );
});
