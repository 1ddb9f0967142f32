import { getCalendarAndRange } from "@/data/calendar";
import { type Choice, getFilterChoices, type Entry, getEntries, keyOf } from "@/data/entries";
import { read } from "@/data/read";
import { endReasonName, entryTypeName } from "@/components/codes";
import { shortDay } from "@/range/days";
import type { State } from "@/range/state";
import type { Column } from "@/table/columns";
import { lengthText } from "@/table/figures";

export const pageSize = 50;

export const entryColumns: Column<Entry>[] = [
  {
    key: "at",
    label: "Time",
    value: (e) => e.atLocal,
    moment: "second",
    isName: true,
    show: (e) => ({ href: `/entries/${e.id}`, text: `${shortDay(e.atLocal.slice(0, 10))} ${e.atLocal.slice(11, 16)}` }),
  },
  {
    key: "zone",
    label: "Zone",
    value: (e) => e.timeZone,
    sortable: false,
    show: (e) => e.timeZone?.split("/").at(-1)?.replaceAll("_", " ") ?? "",
  },
  {
    key: "workday",
    label: "Workday",
    value: (e) => e.workday,
    moment: "day",
    sortable: false,
    show: (e) => shortDay(e.workday),
  },
  {
    key: "agent",
    label: "Agent",
    value: (e) => e.agent,
    sortable: false,
    show: (e) => ({ href: `/agents/${e.agentId}?from=${e.workday}&to=${e.workday}` }),
  },
  {
    key: "type",
    label: "Type",
    value: (e) => e.type,
    sortable: false,
    show: (e) => ({
      text: entryTypeName(e.type),
      after: e.deletedAt === null ? undefined : { className: "tag deleted", text: "deleted" },
    }),
  },
  { key: "by", label: "Source", value: (e) => e.by, sortable: false },
  { key: "activity", label: "Activity", value: (e) => e.activity, sortable: false },
  { key: "client", label: "Client", value: (e) => e.client, sortable: false },
  { key: "length", label: "Length", value: (e) => e.seconds, kind: "count", sortable: false, write: lengthText },
  { key: "end", label: "Ended by", value: (e) => e.endReason && endReasonName(e.endReason), sortable: false },
];

/** The columns of the export; the zone is that of the deletions. */
export const exportedColumns = (zone: string): Column<Entry>[] => [
  ...entryColumns.map((column) => (column.key === "length" ? { ...column, label: "Seconds" } : column)),
  { key: "kind", label: "Session", value: (e) => e.kind },
  { key: "utc", label: "UTC", value: (e) => e.at, moment: "second" },
  { key: "deleted", label: `Deleted (${zone})`, value: (e) => e.deletedAt, moment: "minute" },
  { key: "id", label: "Jibble id", value: (e) => e.id },
];

export async function loadEntries(state: State) {
  return read(async (sql) => {
    const { calendar, range } = await getCalendarAndRange(sql, state);
    const [found, lists] = await Promise.all([
      getEntries(sql, range, state, keyOf(state.after), pageSize + 1),
      getFilterChoices(sql),
    ]);
    return { calendar, range, rows: found.slice(0, pageSize), hasMore: found.length > pageSize, ...lists };
  });
}

export type { Choice };
