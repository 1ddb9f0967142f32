import { stateName, whatHappened } from "@/components/delivery_words";
import type { PreviewEmail } from "@/data/previews";
import { longDay, timeText } from "@/range/days";
import type { Column } from "@/table/columns";

/** The columns, of which none sorts: the newest is first. Times are in the zone that is named. */
export const previewColumns = (zone: string): Column<PreviewEmail>[] => [
  {
    key: "queuedAt",
    label: `Queued (${zone})`,
    value: (p) => p.queuedAt,
    moment: "minute",
    isName: true,
    show: (p) => timeText(p.queuedAt),
    sortable: false,
  },
  {
    key: "state",
    label: "State",
    value: (p) => stateName(p.state),
    show: (p) => ({ tag: p.state }),
    sortable: false,
  },
  {
    key: "happened",
    label: "What happened",
    value: (p) => whatHappened({ ...p, isRevised: false }, zone),
    sortable: false,
  },
  { key: "contact", label: "Digest of", value: (p) => p.contact ?? p.subject, sortable: false },
  {
    key: "week",
    label: "Week of",
    value: (p) => p.week,
    moment: "day",
    show: (p) => (p.week ? longDay(p.week) : "–"),
    sortable: false,
  },
  { key: "actor", label: "Asked by", value: (p) => p.actor ?? "the owner of the database", sortable: false },
  { key: "recipient", label: "To", value: (p) => p.recipient, sortable: false },
];

export const exportedPreviewColumns = (zone: string): Column<PreviewEmail>[] => [
  ...previewColumns(zone),
  { key: "subject", label: "Subject", value: (p) => p.subject },
  { key: "attempts", label: "Attempts", value: (p) => p.attempts, kind: "count" },
  { key: "sentAt", label: `Sent (${zone})`, value: (p) => p.sentAt, moment: "minute" },
  { key: "provider", label: "Provider", value: (p) => p.provider },
  { key: "providerMessageId", label: "Provider's id", value: (p) => p.providerMessageId },
  { key: "id", label: "Delivery", value: (p) => p.id, kind: "count" },
];
