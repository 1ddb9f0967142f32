import type { NextRequest } from "next/server";
import { withErrorResponse } from "@/http/failures";
import { lastDay } from "@/range/range";
import { stateOf } from "@/range/state";
import { csvHead, csvResponse, csvRows } from "@/table/csv";
import { loadAgent } from "../load";

export const GET = withErrorResponse(async (request: NextRequest, { params }: { params: Promise<{ id: string }> }) => {
  const state = stateOf(request.nextUrl.searchParams);
  const page = await loadAgent((await params).id, state);
  const name = `agent ${page.agent.agentId} ${page.range.since} ${lastDay(page.range)}`;
  if (state.table === "activities")
    return csvResponse(
      `${name} activities`,
      csvHead(page.activityColumns) + csvRows(page.activityColumns, page.activityRows),
    );
  if (state.table === "sessions") {
    const columns = page.sessionColumns.map((column) =>
      column.key === "length" ? { ...column, label: "Seconds" } : column,
    );
    return csvResponse(`${name} sessions`, csvHead(columns) + csvRows(columns, page.sessionRows));
  }
  return csvResponse(name, csvHead(page.dayColumns) + csvRows(page.dayColumns, page.dayRows));
});
