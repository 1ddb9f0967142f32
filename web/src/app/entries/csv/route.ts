import type { NextRequest } from "next/server";
import { daysAsked } from "@/data/calendar";
import { type Entry, type EntryKey, entries } from "@/data/entries";
import { type Read, reader } from "@/data/read";
import { lastDay, type Range } from "@/range/range";
import { type State, stateOf } from "@/range/state";
import { csvStream } from "@/table/csv_stream";
import { exportedColumns } from "../load";

const batch = 2000;

async function* pagesOf(read: Read, range: Range, state: State): AsyncGenerator<Entry[], void> {
  let after: EntryKey | null = null;
  for (;;) {
    const from: EntryKey | null = after;
    const rows: Entry[] = await read((sql) => entries(sql, range, state, from, batch));
    yield rows;
    after = rows.at(-1) ?? null;
    if (rows.length < batch) return;
  }
}

export async function GET(request: NextRequest): Promise<Response> {
  const state = stateOf(request.nextUrl.searchParams);
  const read = await reader();
  const { range } = await read((sql) => daysAsked(sql, state));
  return csvStream(`entries ${range.since} ${lastDay(range)}`, exportedColumns, pagesOf(read, range, state));
}
