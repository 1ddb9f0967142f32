import type { Reason } from "@/data/explanation";
import type { Column } from "@/table/columns";

/** The sessions or entries of a day as the page has them, by both clocks: each time with its zone. */
export const reasonColumns: Column<Reason>[] = [
  { key: "what", label: "What", value: (r) => r.what, isName: true },
  { key: "because", label: "Why", value: (r) => r.because },
  { key: "seconds", label: "Seconds", value: (r) => r.seconds, kind: "count" },
  { key: "at", label: "From (agent's time)", value: (r) => r.at, moment: "second" },
  { key: "until", label: "Until (agent's time)", value: (r) => r.until, moment: "second" },
  { key: "timeZone", label: "Agent's time zone", value: (r) => r.timeZone },
  { key: "atClient", label: "From (client's time)", value: (r) => r.atClient, moment: "second" },
  { key: "untilClient", label: "Until (client's time)", value: (r) => r.untilClient, moment: "second" },
  { key: "clientTimeZone", label: "Client's time zone", value: (r) => r.clientTimeZone },
  { key: "entryId", label: "Jibble id", value: (r) => r.entryId },
];
