import { getCalendarAndRange } from "@/data/calendar";
import { getDigestHealth } from "@/data/digest_health";
import { getAlerts, getFeedHealth, getSilentAgents } from "@/data/feed";
import { getNoteCounts, getNotes } from "@/data/notes";
import { type ClientChange, getComparison } from "@/data/overview";
import { getUnconfirmedText } from "@/data/unconfirmed";
import { read } from "@/data/read";
import { getWorkingNow } from "@/data/working_now";
import { daysBetween } from "@/range/days";
import { inState } from "@/range/range";
import { address, type State } from "@/range/state";
import { arrange, orderOf } from "@/table/arrange";
import { type Column, shareColumn } from "@/table/columns";
import { changeText } from "@/table/figures";
import { kindsOfDigestAlerts } from "./digest_alerts";

export function clientColumns(days: State, max = 0): Column<ClientChange>[] {
  return [
    {
      key: "name",
      label: "Client",
      value: (c) => c.name,
      isName: true,
      show: (c) => ({ href: address(`/clients/${c.key}`, days) }),
    },
    { key: "hours", label: "Hours", value: (c) => c.hours, kind: "hours", total: true },
    { key: "previous", label: "Previous period", value: (c) => c.previous, kind: "hours", total: true },
    {
      key: "change",
      label: "Change",
      value: (c) => c.hours - c.previous,
      kind: "hours",
      total: true,
      write: changeText,
    },
    { key: "unconfirmed", label: "Unconfirmed", value: (c) => c.unconfirmed, kind: "hours", total: true },
    { key: "agents", label: "Agents", value: (c) => c.agents, kind: "count" },
    ...(max > 0 ? [shareColumn((c: ClientChange) => c.hours, max)] : []),
  ];
}

export async function loadOverview(state: State) {
  return read(async (sql) => {
    const { calendar, range } = await getCalendarAndRange(sql, state);
    const days = daysBetween(range.since, range.until);
    const elapsed = Math.min(days, Math.max(0, daysBetween(range.since, calendar.today) + 1));
    const [compared, working, feed, counts, notes, open, silent, digests, unconfirmedText] = await Promise.all([
      getComparison(sql, range, days, elapsed),
      getWorkingNow(sql),
      getFeedHealth(sql),
      getNoteCounts(sql, range),
      getNotes(sql, range, {}, 8),
      getAlerts(sql, 5),
      getSilentAgents(sql),
      getDigestHealth(sql),
      getUnconfirmedText(sql),
    ]);
    return {
      calendar,
      range,
      elapsed,
      ...compared,
      working,
      feed,
      counts,
      notes,
      alerts: open.filter((alert) => !alert.resolvedAt && !kindsOfDigestAlerts(digests).includes(alert.kind)),
      silent,
      digests,
      unconfirmedText,
    };
  });
}

export function clientsShown(state: State, clients: readonly ClientChange[], range: Parameters<typeof inState>[0]) {
  const columns = clientColumns(inState(range), Math.max(...clients.map((client) => client.hours), 0));
  const order = orderOf(columns, state, "sort", "-hours");
  return { columns, order, rows: arrange(clients, columns, state.q, order) };
}
