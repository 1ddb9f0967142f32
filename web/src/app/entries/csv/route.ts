import type { NextRequest } from "next/server";
import { getCalendarAndRange } from "@/data/calendar";
import { type Entry, type EntryKey, getEntries } from "@/data/entries";
import { openReader, type Reader } from "@/data/read";
import { withErrorResponse } from "@/http/failures";
import { lastDay, type Range } from "@/range/range";
import { type State, stateOf } from "@/range/state";
import { csvStream } from "@/table/csv_stream";
import { exportedColumns } from "../load";

const batch = 2000;

async function* pagesOf(data: Reader, range: Range, state: State): AsyncGenerator<Entry[], void> {
  let after: EntryKey | null = null;
  for (;;) {
    const from: EntryKey | null = after;
    const rows: Entry[] = await data.read((sql) => getEntries(sql, range, state, from, batch));
    yield rows;
    after = rows.at(-1) ?? null;
    if (rows.length < batch) return;
  }
}

export const GET = withErrorResponse(async (request: NextRequest) => {
  const state = stateOf(request.nextUrl.searchParams);
  const data = await openReader();
  const { calendar, range } = await data.read((sql) => getCalendarAndRange(sql, state));
  return csvStream(
    `entries ${range.since} ${lastDay(range)}`,
    exportedColumns(calendar.timeZone),
    pagesOf(data, range, state),
    data,
  );
});
