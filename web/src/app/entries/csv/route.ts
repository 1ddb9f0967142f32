import type { NextRequest } from "next/server";
import { getCalendarAndRange } from "@/data/calendar";
import { type Entry, type EntryKey, getEntries } from "@/data/entries";
import { type Reader, reader } from "@/data/read";
import { answering } from "@/http/answering";
import { lastDay, type Range } from "@/range/range";
import { type State, stateOf } from "@/range/state";
import { csvStream } from "@/table/csv_stream";
import { exportedColumns } from "../load";

const batch = 2000;

async function* pagesOf(its: Reader, range: Range, state: State): AsyncGenerator<Entry[], void> {
  let after: EntryKey | null = null;
  for (;;) {
    const from: EntryKey | null = after;
    const rows: Entry[] = await its.read((sql) => getEntries(sql, range, state, from, batch));
    yield rows;
    after = rows.at(-1) ?? null;
    if (rows.length < batch) return;
  }
}

export const GET = answering(async (request: NextRequest) => {
  const state = stateOf(request.nextUrl.searchParams);
  const its = await reader();
  const { range } = await its.read((sql) => getCalendarAndRange(sql, state));
  return csvStream(`entries ${range.since} ${lastDay(range)}`, exportedColumns, pagesOf(its, range, state), its);
});
