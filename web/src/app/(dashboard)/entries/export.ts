import { getCalendarAndRange } from "@/data/calendar";
import { type Entry, type EntryKey, getEntries } from "@/data/entries";
import { openReader, type Reader } from "@/data/read";
import { lastDay, type Range } from "@/range/range";
import type { State } from "@/range/state";
import { exportOfBatches } from "@/table/export";
import { exportedColumns } from "./load";

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

export async function exportEntries(state: State) {
  const data = await openReader();
  const { calendar, range } = await data.read((sql) => getCalendarAndRange(sql, state));
  return exportOfBatches(
    `entries ${range.since} ${lastDay(range)}`,
    exportedColumns(calendar.timeZone),
    pagesOf(data, range, state),
    data,
  );
}
