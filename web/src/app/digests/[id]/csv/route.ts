import type { NextRequest } from "next/server";
import { withErrorResponse } from "@/http/failures";
import { stateOf } from "@/range/state";
import { csvHead, csvResponse, csvRows } from "@/table/csv";
import { loadDelivery } from "../load";

export const GET = withErrorResponse(async (request: NextRequest, { params }: { params: Promise<{ id: string }> }) => {
  const { columns, rows, id } = await loadDelivery((await params).id, stateOf(request.nextUrl.searchParams));
  return csvResponse(`digest ${id}`, csvHead(columns) + csvRows(columns, rows));
});
