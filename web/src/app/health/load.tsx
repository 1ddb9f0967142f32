import { calendarOf } from "@/data/calendar";
import { alerts, feedHealth, silentAgents } from "@/data/feed";
import { read } from "@/data/read";
import { installation, problems, type Run, runs } from "@/data/runs";
import { rangeOf } from "@/range/range";
import type { State } from "@/range/state";
import { arrange, orderOf } from "@/table/arrange";
import type { Column } from "@/table/columns";

const pageSize = 50;
const mostExported = 20_000;

export const runColumns: Column<Run>[] = [
  { key: "startedAt", label: "Began (UTC)", value: (r) => r.startedAt, isName: true },
  { key: "command", label: "Command", value: (r) => r.command },
  { key: "window", label: "Days read", value: (r) => r.window },
  { key: "status", label: "Status", value: (r) => r.status, show: (r) => <span className={`tag ${r.status}`}>{r.status}</span> },
  { key: "seconds", label: "Seconds", value: (r) => r.seconds === null ? null : Math.round(r.seconds * 10) / 10, kind: "count" },
  { key: "rows", label: "Objects", value: (r) => r.rows, kind: "count", total: true },
  { key: "new", label: "New", value: (r) => r.new, kind: "count", total: true },
  { key: "changed", label: "Changed", value: (r) => r.changed, kind: "count", total: true },
  { key: "deleted", label: "Deleted", value: (r) => r.deleted, kind: "count", total: true },
  { key: "error", label: "Error", value: (r) => r.error },
];

export async function loadHealth(state: State) {
  const loaded = await read(async (sql) => {
    const calendar = await calendarOf(sql);
    const range = rangeOf(state, calendar);
    const [feed, raised, silent, ledger, unread, installed] = await Promise.all([
      feedHealth(sql), alerts(sql), silentAgents(sql), runs(sql, range, state, pageSize + 1), problems(sql), installation(sql)]);
    return { calendar, range, feed, alerts: raised, silent, problems: unread, installed, runs: ledger.slice(0, pageSize), hasMore: ledger.length > pageSize };
  });
  const order = orderOf(runColumns, state, "sort", "-startedAt");
  return { ...loaded, order, lastId: loaded.runs.at(-1)?.id, rows: arrange(loaded.runs, runColumns, undefined, order) };
}

export async function loadRuns(state: State) {
  const { range, rows } = await read(async (sql) => {
    const range = rangeOf(state, await calendarOf(sql));
    return { range, rows: await runs(sql, range, { ...state, before: "" }, mostExported) };
  });
  return { range, columns: runColumns, rows: arrange(rows, runColumns, undefined, orderOf(runColumns, state, "sort", "-startedAt")) };
}
