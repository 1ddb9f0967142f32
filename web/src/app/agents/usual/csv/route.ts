import type { NextRequest } from "next/server";
import { withErrorResponse } from "@/http/failures";
import { stateOf } from "@/range/state";
import { csvHead, csvResponse, csvRows } from "@/table/csv";
import { loadUsual } from "../load";

export const GET = withErrorResponse(async (request: NextRequest) => {
  const { columns, rows, week } = await loadUsual(stateOf(request.nextUrl.searchParams));
  return csvResponse(`usual week ${week}`, csvHead(columns) + csvRows(columns, rows));
});
