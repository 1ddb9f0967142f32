import type { NextRequest } from "next/server";
import { lastDay } from "@/range/range";
import { stateOf } from "@/range/state";
import { csvHead, csvResponse, csvRows } from "@/table/csv";
import { exportedColumns, loadDeliveries } from "../load";

export async function GET(request: NextRequest): Promise<Response> {
  const { rows, range } = await loadDeliveries(stateOf(request.nextUrl.searchParams));
  return csvResponse(`digests ${range.since} ${lastDay(range)}`, csvHead(exportedColumns) + csvRows(exportedColumns, rows));
}
