import { getCalendarAndRange } from "@/data/calendar";
import { getAlertNotifications, getNotificationWays } from "@/data/alert_notifications";
import { countOpenAlerts, getAlerts, getAuditFindings, getFeedHealth, getSilentAgents } from "@/data/feed";
import { getContactProblems, getDigestHealth } from "@/data/digest_health";
import { pageOf } from "@/data/paging";
import { read } from "@/data/read";
import { getInstallation, getIngestProblems, type Run, getRuns, getRunSums } from "@/data/runs";
import type { State } from "@/range/state";
import { orderOf } from "@/table/arrange";
import type { Column } from "@/table/columns";
import { runCommandName, runStatusName } from "@/components/codes";
import { spanText, timeText } from "@/range/days";

const pageSize = 50;

/** The columns; times are in the zone that is named. */
export const runColumns = (zone: string): Column<Run>[] => [
  {
    key: "startedAt",
    label: `Started (${zone})`,
    value: (r) => r.startedAt,
    moment: "minute",
    isName: true,
    show: (r) => timeText(r.startedAt),
  },
  { key: "command", label: "Command", value: (r) => r.command, show: (r) => runCommandName(r.command) },
  {
    key: "window",
    label: "Days read",
    value: (r) => r.window,
    show: (r) => (r.since && r.until ? spanText(r.since, r.until) : ""),
  },
  {
    key: "status",
    label: "Status",
    value: (r) => r.status,
    show: (r) => ({ tag: r.status, text: runStatusName(r.status) }),
  },
  {
    key: "seconds",
    label: "Seconds",
    value: (r) => (r.seconds === null ? null : Math.round(r.seconds * 10) / 10),
    kind: "count",
  },
  { key: "rows", label: "Rows", value: (r) => r.rows, kind: "count", total: true },
  { key: "new", label: "New", value: (r) => r.new, kind: "count", total: true },
  { key: "changed", label: "Changed", value: (r) => r.changed, kind: "count", total: true },
  { key: "deleted", label: "Deleted", value: (r) => r.deleted, kind: "count", total: true },
  { key: "error", label: "Error", value: (r) => r.error },
];

export const orderIn = (state: State) => orderOf(runColumns(""), state, "sort", "-startedAt");

export async function loadHealth(state: State) {
  const order = orderIn(state);
  const page = pageOf(state);
  return read(async (sql) => {
    const { calendar, range } = await getCalendarAndRange(sql, state);
    const alerts = await getAlerts(sql);
    const [feed, open, notifications, ways, silent, runs, sums, problems, installed, digests, findings, contacts] =
      await Promise.all([
        getFeedHealth(sql),
        countOpenAlerts(sql),
        getAlertNotifications(
          sql,
          alerts.map((alert) => alert.id),
        ),
        getNotificationWays(sql),
        getSilentAgents(sql),
        getRuns(sql, range, state, { order, page, size: pageSize }),
        getRunSums(sql, range, state),
        getIngestProblems(sql),
        getInstallation(sql),
        getDigestHealth(sql),
        getAuditFindings(sql),
        getContactProblems(sql),
      ]);
    return {
      calendar,
      range,
      feed,
      alerts,
      openAlerts: open,
      notifications,
      ways,
      silent,
      findings,
      problems,
      installed,
      digests,
      contactProblems: contacts,
      order,
      page,
      sums,
      rows: runs.slice(0, pageSize),
      hasMore: runs.length > pageSize,
    };
  });
}
