import { noteName } from "@/components/codes";
import type { SeenDay, SeenDigest, SeenNote, SeenTimes, SeenWeek } from "@/data/seen_portal";
import { longDay, shortDay, timeText } from "@/range/days";
import { hundredth } from "@/range/hours_unit";
import type { Column } from "@/table/columns";

// The order is the portal's own, so no column sorts.
const fixed = <Row>(columns: Column<Row>[]): Column<Row>[] => columns.map((column) => ({ ...column, sortable: false }));

type Hours = { hours: number; unconfirmed: number; breaks: number };

const hoursColumns = <Row extends Hours>(): Column<Row>[] => [
  { key: "hours", label: "Hours", value: (r) => r.hours, kind: "hours", unit: hundredth, total: true },
  {
    key: "unconfirmed",
    label: "Unconfirmed",
    value: (r) => r.unconfirmed,
    kind: "hours",
    unit: hundredth,
    total: true,
  },
  { key: "breaks", label: "Breaks", value: (r) => r.breaks, kind: "hours", unit: hundredth, total: true },
];

export const weekColumns: Column<SeenWeek>[] = fixed([
  {
    key: "week",
    label: "Week from",
    value: (w) => w.week,
    moment: "day",
    isName: true,
    show: (w) => longDay(w.week),
  },
  { key: "client", label: "Client", value: (w) => w.client },
  { key: "agent", label: "Agent", value: (w) => w.agent },
  ...hoursColumns<SeenWeek>(),
]);

const dayColumn = <Row extends { workday: string }>(): Column<Row> => ({
  key: "workday",
  label: "Workday",
  value: (r) => r.workday,
  moment: "day",
  isName: true,
  show: (r) => longDay(r.workday),
});

export const dayColumns: Column<SeenDay>[] = fixed([
  dayColumn<SeenDay>(),
  { key: "client", label: "Client", value: (d) => d.client },
  { key: "agent", label: "Agent", value: (d) => d.agent },
  { key: "activity", label: "Activity", value: (d) => d.activity },
  ...hoursColumns<SeenDay>(),
]);

/** A time of the workday as 09:03; with its date if that is another. */
function clock(time: string | null, workday: string): string {
  if (time === null) return "";
  const [day, minute] = [time.slice(0, 10), time.slice(11)];
  return day === workday ? minute : `${minute}, ${shortDay(day)}`;
}

function clockColumn(key: "inClient" | "outClient" | "inAgent" | "outAgent", label: string): Column<SeenTimes> {
  return { key, label, value: (t) => t[key], moment: "minute", show: (t) => clock(t[key], t.workday) };
}

export const timesColumns: Column<SeenTimes>[] = fixed([
  dayColumn<SeenTimes>(),
  { key: "agent", label: "Agent", value: (t) => t.agent },
  { key: "clients", label: "Clients", value: (t) => t.clients },
  clockColumn("inClient", "In, client's time"),
  clockColumn("outClient", "Out, client's time"),
  { key: "clientZone", label: "Client's time zone", value: (t) => t.clientZone },
  clockColumn("inAgent", "In, agent's time"),
  clockColumn("outAgent", "Out, agent's time"),
  { key: "agentZone", label: "Agent's time zone", value: (t) => t.agentZone },
]);

export const noteColumns = (zone: string): Column<SeenNote>[] =>
  fixed([
    dayColumn<SeenNote>(),
    { key: "client", label: "Client", value: (n) => n.client },
    { key: "agent", label: "Agent", value: (n) => n.agent },
    { key: "code", label: "Note", value: (n) => noteName(n.code), show: (n) => ({ tag: n.code }) },
    { key: "at", label: `At (${zone})`, value: (n) => n.at, moment: "minute", show: (n) => timeText(n.at) },
    { key: "detail", label: "What", value: (n) => n.detail },
  ]);

/** Each leads to the e-mail below the table. */
export const digestColumns = (zone: string, addressOf: (id: number) => string): Column<SeenDigest>[] =>
  fixed([
    {
      key: "sentAt",
      label: `Sent (${zone})`,
      value: (d) => d.sentAt,
      moment: "minute",
      isName: true,
      show: (d) => (d.hasHtml ? { text: timeText(d.sentAt), href: addressOf(d.id) } : timeText(d.sentAt)),
    },
    { key: "week", label: "Week of", value: (d) => d.week, moment: "day", show: (d) => longDay(d.week) },
    { key: "subject", label: "Subject", value: (d) => d.subject },
  ]);
