import type { NextRequest } from "next/server";
import { calendarOf } from "@/data/calendar";
import { type Entry, type EntryKey, entries } from "@/data/entries";
import { reader } from "@/data/read";
import { lastDay, rangeOf } from "@/range/range";
import { stateOf } from "@/range/state";
import { byteOrderMark, csvHead, csvResponse, csvRows } from "@/table/csv";
import { exportedColumns } from "../load";

const batch = 2000;

/** All pages, a batch at a time: as many as they are, memory holds one batch. */
export async function GET(request: NextRequest): Promise<Response> {
  const state = stateOf(request.nextUrl.searchParams);
  const read = await reader();
  // The first batch before the answer begins: what is refused or fails is told by its status.
  const first = await read(async (sql) => {
    const range = rangeOf(state, await calendarOf(sql));
    return { range, rows: await entries(sql, range, state, null, batch) };
  });
  const { range } = first;
  const encoder = new TextEncoder();
  let rows: Entry[] | null = first.rows;
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(encoder.encode(byteOrderMark + csvHead(exportedColumns))),
    pull: async (controller) => {
      if (rows === null) {
        controller.close();
        return;
      }
      controller.enqueue(encoder.encode(csvRows(exportedColumns, rows)));
      const last: EntryKey | undefined = rows.at(-1);
      rows = rows.length === batch && last ? await read((sql) => entries(sql, range, state, last, batch)) : null;
    },
  });
  return csvResponse(`entries ${range.since} ${lastDay(range)}`, body);
}
