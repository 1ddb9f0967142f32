import { doneWords } from "@/actions/done_words";
import type { StaffAction } from "@/data/staff_log";
import { timeText } from "@/range/days";
import type { Column } from "@/table/columns";

/** The columns, of which none sorts: the newest is first. Times are in the zone that is named. */
export const changeColumns = (zone: string): Column<StaffAction>[] => [
  {
    key: "at",
    label: `When (${zone})`,
    value: (a) => a.at,
    moment: "minute",
    show: (a) => timeText(a.at),
    isName: true,
    sortable: false,
  },
  { key: "what", label: "What", value: (a) => doneWords(a), sortable: false },
  { key: "actor", label: "Who", value: (a) => a.actor, sortable: false },
];
