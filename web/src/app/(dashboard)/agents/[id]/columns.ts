// The columns of an agent's page: its days and its sessions.
import { endReasonName, noteNamesOf } from "@/components/codes";
import type { Day, Session } from "@/data/agent";
import { longDay, shortDay, weekday } from "@/range/days";
import type { Column } from "@/table/columns";
import { lengthText } from "@/table/figures";

/** 09:03, with the weekday where it is not the workday's. */
function clock(at: string | null, workday: string): string | null {
  if (at === null) return null;
  return at.slice(0, 10) === workday ? at.slice(11) : `${at.slice(11)} ${weekday(at.slice(0, 10))}`;
}

/** An instant in local time, as text. */
const time = (key: string, label: string, at: (day: Day) => string | null): Column<Day> => ({
  key,
  label,
  value: at,
  moment: "minute",
  show: (day) => clock(at(day), day.workday) ?? "–",
});

export function dayColumnsOf(id: number): Column<Day>[] {
  return [
    {
      key: "workday",
      label: "Workday",
      value: (d) => d.workday,
      moment: "day",
      isName: true,
      show: (d) => ({ href: `/agents/${id}/${d.workday}`, text: `${weekday(d.workday)} ${shortDay(d.workday)}` }),
    },
    time("in", "Clock-in", (d) => d.clockInLocal),
    time("out", "Clock-out", (d) => d.clockOutLocal),
    time("inClient", "Clock-in, client's time", (d) => d.clockInClient),
    time("outClient", "Clock-out, client's time", (d) => d.clockOutClient),
    { key: "hours", label: "Hours", value: (d) => d.hours, kind: "hours", total: true },
    { key: "breaks", label: "Breaks", value: (d) => d.breaks, kind: "hours", total: true },
    { key: "client", label: "Client", value: (d) => d.client },
    { key: "notes", label: "Notes", value: (d) => noteNamesOf(d.notes) },
  ];
}

export const sessionColumns: Column<Session>[] = [
  {
    key: "at",
    label: "From",
    value: (s) => s.startedLocal,
    moment: "minute",
    isName: true,
    show: (s) => ({
      href: `/entries/${s.id}`,
      text: `${weekday(s.startedLocal.slice(0, 10))} ${s.startedLocal.slice(11)}`,
    }),
  },
  { key: "until", label: "To", value: (s) => s.endedLocal, moment: "minute", show: (s) => s.endedLocal.slice(11) },
  {
    key: "atClient",
    label: "Client's time",
    value: (s) => `${s.startedClient} – ${s.endedClient}`,
    show: (s) => `${weekday(s.startedClient.slice(0, 10))} ${s.startedClient.slice(11)}–${s.endedClient.slice(11)}`,
  },
  { key: "length", label: "Length", value: (s) => s.seconds, kind: "count", write: lengthText },
  { key: "activity", label: "Activity", value: (s) => (s.kind === "break" ? "break" : s.activity) },
  { key: "end", label: "Ended by", value: (s) => endReasonName(s.endReason) },
  { key: "workday", label: "Workday", value: (s) => s.workday, moment: "day", show: (s) => longDay(s.workday) },
];
