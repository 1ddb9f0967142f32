import { getCalendar } from "@/data/calendar";
import { read } from "@/data/read";
import { getUsualWeeks, type UsualWeek, type Verdict } from "@/data/usual";
import { addDays, isDay, spanText } from "@/range/days";
import { before, thisWeek } from "@/range/range";
import { address, type State } from "@/range/state";
import { arrange, orderOf } from "@/table/arrange";
import type { Column } from "@/table/columns";
import { changeText } from "@/table/figures";
import { peopleShown } from "@/table/people";
import { statusColumn } from "@/table/status_column";

export const verdictNames: Readonly<Record<Verdict, string>> = {
  over: "Over",
  under: "Under",
  usual: "As usual",
  new: "No usual week yet",
};

const weekText = (row: UsualWeek) => spanText(row.week, addDays(row.week, 6));

const columns: Column<UsualWeek>[] = [
  {
    key: "name",
    label: "Agent",
    value: (a) => a.name,
    isName: true,
    show: (a) => ({ href: address(`/agents/${a.agentId}`, { from: a.week, to: addDays(a.week, 6) }) }),
  },
  {
    key: "client",
    label: "Current client",
    value: (a) => a.client,
    show: (a) => ({ href: address(`/clients/${a.clientKey}`, { from: a.week, to: addDays(a.week, 6) }) }),
  },
  { key: "week", label: "Week", value: (a) => a.week, show: weekText },
  { key: "hours", label: "Hours", value: (a) => a.hours, kind: "hours", total: true },
  {
    key: "usual",
    label: "Usual week",
    value: (a) => a.usual,
    kind: "hours",
    show: (a) => (a.usual === null ? "–" : {}),
  },
  {
    key: "change",
    label: "Difference",
    value: (a) => (a.usual === null ? null : a.hours - a.usual),
    kind: "hours",
    write: changeText,
  },
  {
    key: "verdict",
    label: "Against usual",
    value: (a) => verdictNames[a.verdict],
    show: (a) => ({ text: verdictNames[a.verdict], tag: `verdict-${a.verdict}` }),
  },
  { key: "weeks", label: "Weeks counted", value: (a) => a.weeks, kind: "count" },
  statusColumn((a: UsualWeek) => a.status),
];

function isVerdict(text: string | undefined): text is Verdict {
  return text !== undefined && Object.hasOwn(verdictNames, text);
}

/** A client's own week may begin on another day. */
function weekOfMost(rows: readonly UsualWeek[]): string | null {
  const counts = new Map<string, number>();
  for (const { week } of rows) counts.set(week, (counts.get(week) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? 1 : -1))[0]?.[0] ?? null;
}

/** Who was over or under the usual week: in the last full week, or in the one that holds the day from. */
export async function loadUsual(state: State) {
  const day = isDay(state.from) ? state.from : null;
  const { calendar, all } = await read(async (sql) => {
    const calendar = await getCalendar(sql);
    return { calendar, all: await getUsualWeeks(sql, calendar, day) };
  });
  const order = orderOf(columns, state, "sort", "change");
  const found = arrange(all, columns, state.q, order);
  // Members with a usual week are people with hours, also in a week without any: that is what the page is to show.
  const people = peopleShown(found, state, (row) => row.hours > 0 || (row.status === "Joined" && row.usual !== null));
  const show = isVerdict(state.show) ? state.show : null;
  const count = (verdict: Verdict) => people.rows.filter((row) => row.verdict === verdict).length;
  return {
    calendar,
    columns,
    order,
    show,
    counts: { over: count("over"), under: count("under"), usual: count("usual"), new: count("new") },
    week: weekOfMost(all) ?? before(thisWeek(calendar)).since,
    ...people,
    rows: show ? people.rows.filter((row) => row.verdict === show) : people.rows,
  };
}
