import type { Correction } from "@/data/staff_log";
import { timeText } from "@/range/days";
import type { Column } from "@/table/columns";

/** The columns, of which none sorts: the newest is first. Times are in the zone that is named. */
export const correctionColumns = (zone: string): Column<Correction>[] => [
  { key: "id", label: "Number", value: (c) => String(c.id), isName: true, sortable: false },
  { key: "what", label: "What", value: (c) => c.what, sortable: false },
  { key: "actor", label: "Who", value: (c) => c.actor ?? "the owner of the database", sortable: false },
  {
    key: "createdAt",
    label: `Made (${zone})`,
    value: (c) => c.createdAt,
    moment: "minute",
    show: (c) => timeText(c.createdAt),
    sortable: false,
  },
  {
    key: "state",
    label: "State",
    value: (c) => (c.revokedAt ? `taken back ${timeText(c.revokedAt)}` : "counts"),
    sortable: false,
  },
];

/** A button for those who may change something; an export does not have it. */
export const takeBackColumn: Column<Correction> = {
  key: "revoke",
  label: "Change",
  value: (c) => (c.revokedAt ? "" : "Take back"),
  show: (c) =>
    c.revokedAt ? "" : { text: "Take back", href: `/actions/revoke_correction?correction=${c.id}&step=confirm` },
  sortable: false,
};
