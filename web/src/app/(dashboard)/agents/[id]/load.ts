import { notFound } from "next/navigation";
import { getActivityHours } from "@/data/activities";
import { getAgent, getAgentDays, getDaysWorked, getSessions } from "@/data/agent";
import { getCalendarAndRange } from "@/data/calendar";
import { getMonth } from "@/data/month";
import { getNoteCounts, getNotes } from "@/data/notes";
import { getUnconfirmedText } from "@/data/unconfirmed";
import { getSeen } from "@/data/last_seen";
import { pageOf } from "@/data/paging";
import { read } from "@/data/read";
import { getWeeks } from "@/data/weeks";
import { inState, monthOf } from "@/range/range";
import { idOf, type State } from "@/range/state";
import { activityTable } from "@/table/activity_columns";
import { arrange, orderOf } from "@/table/arrange";
import { dayColumnsOf, sessionColumns } from "./columns";

/** More than an agent has in a month, and few enough to be read at once. */
const sessionsShown = 200;

export async function loadAgent(idText: string, state: State) {
  const id = idOf(idText);
  if (id === null) notFound();
  const loaded = await read(async (sql) => {
    const agent = await getAgent(sql, id);
    if (!agent) return null;
    // The week is the client's; today is the agent's own.
    const { calendar, range } = await getCalendarAndRange(sql, state, agent.clientKey);
    const [days, sessions, activities, notes, counts, worked, unconfirmedText, seen, weeks, month] = await Promise.all([
      getAgentDays(sql, id, range),
      getSessions(sql, id, range),
      getActivityHours(sql, range, { agentId: id }),
      getNotes(sql, range, { agentId: id }, 50),
      getNoteCounts(sql, range, { agentId: id }),
      getDaysWorked(sql, id, range),
      getUnconfirmedText(sql),
      getSeen(sql, id, range.since, range.until),
      getWeeks(sql, { agentId: id }, calendar),
      getMonth(sql, { agentId: id }, monthOf(state, range, calendar)),
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
      seen,
      weeks,
      month,
      noted: counts.reduce((total, each) => total + each.count, 0),
    };
  });
  if (!loaded) notFound();
  const { range, days, sessions, activities } = loaded;
  const dayColumns = dayColumnsOf(id);
  const dayOrder = orderOf(dayColumns, state, "sort", "workday");
  const sessionOrder = orderOf(sessionColumns, state, "sessions", "at");
  const found = arrange(sessions, sessionColumns, state.q, sessionOrder);
  const lastPage = Math.max(1, Math.ceil(found.length / sessionsShown));
  const page = Math.min(pageOf(state), lastPage);
  const first = (page - 1) * sessionsShown;
  return {
    ...loaded,
    dayColumns,
    dayOrder,
    dayRows: arrange(days, dayColumns, undefined, dayOrder),
    sessionColumns,
    sessionOrder,
    sessionRows: found,
    sessionPart: { page, hasMore: page < lastPage, first, rows: found.slice(first, first + sessionsShown) },
    ...activityTable(activities, "agent", { ...inState(range), agent: String(id) }, state),
  };
}
