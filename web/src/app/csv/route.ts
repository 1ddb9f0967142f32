import type { NextRequest } from "next/server";
import { withErrorResponse } from "@/http/failures";
import { lastDay } from "@/range/range";
import { stateOf } from "@/range/state";
import { csvHead, csvResponse, csvRows } from "@/table/csv";
import { clientsShown, loadOverview } from "../overview";

export const GET = withErrorResponse(async (request: NextRequest) => {
  const state = stateOf(request.nextUrl.searchParams);
  const { clients, range } = await loadOverview(state);
  const { columns, rows } = clientsShown(state, clients, range);
  const exported = columns.filter((column) => column.key !== "share");
  return csvResponse(`overview ${range.since} ${lastDay(range)}`, csvHead(exported) + csvRows(exported, rows));
});
