import type { NextRequest } from "next/server";
import { lastDay } from "@/range/range";
import { stateOf } from "@/range/state";
import { csvHead, csvResponse, csvRows } from "@/table/csv";
import { clientsShown, loadOverview } from "../overview";

export async function GET(request: NextRequest): Promise<Response> {
  const state = stateOf(request.nextUrl.searchParams);
  const { clients, range } = await loadOverview(state);
  const { columns, rows } = clientsShown(state, clients, range);
  const exported = columns.filter((column) => column.key !== "share");
  return csvResponse(`overview ${range.since} ${lastDay(range)}`, csvHead(exported) + csvRows(exported, rows));
}
