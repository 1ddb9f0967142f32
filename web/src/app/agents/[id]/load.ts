import { notFound } from "next/navigation";
import { getActivityHours } from "@/data/activities";
import { getAgent, type Day, getAgentDays, getDaysWorked, type Session, getSessions } from "@/data/agent";
import { getCalendarAndRange } from "@/data/calendar";
import { getNoteCounts, getNotes } from "@/data/notes";
import { getUnconfirmedText } from "@/data/unconfirmed";
import { pageOf } from "@/data/paging";
import { read } from "@/data/read";
import { endReasonName, noteNamesOf } from "@/components/codes";
import { longDay, shortDay, weekday } from "@/range/days";
import { inState } from "@/range/range";
import { idOf, type State } from "@/range/state";
import { activityColumns } from "@/table/activity_columns";
import { arrange, orderOf } from "@/table/arrange";
import type { Column } from "@/table/columns";
import { lengthText } from "@/table/figures";

/** More than an agent has in a month, and few enough to be read at once. */
const sessionsShown = 200;

/** 09:03, with the weekday where it is not the workday's. */
function clock(at: string | null, workday: string): string | null {
  if (at === null) return null;
  return at.slice(0, 10) === workday ? at.slice(11) : `${at.slice(11)} ${weekday(at.slice(0, 10))}`;
}

export async function loadAgent(idText: string, state: State) {
  const id = idOf(idText);
  if (id === null) notFound();
  const loaded = await read(async (sql) => {
    const agent = await getAgent(sql, id);
    if (!agent) return null;
    // The week is the client's; today is the agent's own.
    const { calendar, range } = await getCalendarAndRange(sql, state, agent.clientKey);
    const [days, sessions, activities, notes, counts, worked, unconfirmedText] = await Promise.all([
      getAgentDays(sql, id, range),
      getSessions(sql, id, range),
      getActivityHours(sql, range, { agentId: id }),
      getNotes(sql, range, { agentId: id }, 50),
      getNoteCounts(sql, range, { agentId: id }),
      getDaysWorked(sql, id, range),
      getUnconfirmedText(sql),
    ]);
    return {
      agent,
      calendar,
      range,
      days,
      sessions,
      activities,
      notes,
      worked,
      unconfirmedText,
      noted: counts.reduce((total, each) => total + each.count, 0),
    };
  });
  if (!loaded) notFound();
  const { range, days, sessions, activities } = loaded;
  const time = (key: string, label: string, at: (day: Day) => string | null): Column<Day> => ({
    key,
    label,
    value: at,
    show: (day) => clock(at(day), day.workday) ?? "–",
  });
  const dayColumns: Column<Day>[] = [
    {
      key: "workday",
      label: "Workday",
      value: (d) => d.workday,
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
  const sessionColumns: Column<Session>[] = [
    {
      key: "at",
      label: "From",
      value: (s) => s.startedLocal,
      isName: true,
      show: (s) => ({
        href: `/entries/${s.id}`,
        text: `${weekday(s.startedLocal.slice(0, 10))} ${s.startedLocal.slice(11)}`,
      }),
    },
    { key: "until", label: "To", value: (s) => s.endedLocal, show: (s) => s.endedLocal.slice(11) },
    {
      key: "atClient",
      label: "Client's time",
      value: (s) => `${s.startedClient} – ${s.endedClient}`,
      show: (s) => `${weekday(s.startedClient.slice(0, 10))} ${s.startedClient.slice(11)}–${s.endedClient.slice(11)}`,
    },
    { key: "length", label: "Length", value: (s) => s.seconds, kind: "count", write: lengthText },
    { key: "activity", label: "Activity", value: (s) => (s.kind === "break" ? "break" : s.activity) },
    { key: "end", label: "Ended by", value: (s) => endReasonName(s.endReason) },
    { key: "workday", label: "Workday", value: (s) => s.workday, show: (s) => longDay(s.workday) },
  ];
  const dayOrder = orderOf(dayColumns, state, "sort", "workday");
  const sessionOrder = orderOf(sessionColumns, state, "sessions", "at");
  const found = arrange(sessions, sessionColumns, state.q, sessionOrder);
  const lastPage = Math.max(1, Math.ceil(found.length / sessionsShown));
  const page = Math.min(pageOf(state), lastPage);
  const first = (page - 1) * sessionsShown;
  const byActivity = activityColumns(
    { ...inState(range), agent: String(id) },
    "agent",
    Math.max(...activities.map((a) => a.hours), 0),
  );
  const activityOrder = orderOf(byActivity.columns, state, "activities", "-hours");
  return {
    ...loaded,
    dayColumns,
    dayOrder,
    dayRows: arrange(days, dayColumns, undefined, dayOrder),
    sessionColumns,
    sessionOrder,
    sessionRows: found,
    sessionPart: { page, hasMore: page < lastPage, first, rows: found.slice(first, first + sessionsShown) },
    activityColumns: byActivity.columns,
    activityShown: byActivity.shown,
    activityOrder,
    activityRows: arrange(activities, byActivity.columns, undefined, activityOrder),
  };
}
