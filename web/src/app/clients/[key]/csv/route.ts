import type { NextRequest } from "next/server";
import { withErrorResponse } from "@/http/failures";
import { lastDay } from "@/range/range";
import { stateOf } from "@/range/state";
import { csvHead, csvResponse, csvRows } from "@/table/csv";
import { loadClient } from "../load";

export const GET = withErrorResponse(async (request: NextRequest, { params }: { params: Promise<{ key: string }> }) => {
  const state = stateOf(request.nextUrl.searchParams);
  const page = await loadClient((await params).key, state);
  const name = `client ${page.client.key} ${page.range.since} ${lastDay(page.range)}`;
  if (state.table === "activities")
    return csvResponse(
      `${name} activities`,
      csvHead(page.activityColumns) + csvRows(page.activityColumns, page.activityRows),
    );
  // A day's column by its date, as a spreadsheet knows no "Mon 16".
  const columns = page.agentColumns.map((column) =>
    /^\d{4}-/.test(column.key) ? { ...column, label: column.key } : column,
  );
  return csvResponse(name, csvHead(columns) + csvRows(columns, page.agentRows));
});
