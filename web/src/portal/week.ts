// A week's page: by client group, by agent, by activity and by day.
import type { Sql } from "@/data/database";
import type { Hundredths } from "@/data/rounded";
import type { Column } from "@/table/columns";
import { shareColumn } from "@/table/columns";
import { addDays } from "@/range/days";
import { activityHours, activityOf } from "./activities";
import { type Attendance, type DayHours, getAttendance, getDays } from "./hours";
import { getNotes } from "./notes";
import { agentOf, everyGroup, groupOf, type Named, sumsBy, total } from "./sums";
import type { Visit } from "./visit";
import { currentWeek, isLive, weekOf } from "./weeks";

/** What an agent did on a day for the client groups of the person who is looking. */
export type AgentDay = Attendance & { hours: Hundredths; unconfirmed: Hundredths; breaks: Hundredths };

type Figures = { hours: Hundredths; unconfirmed: Hundredths };
export type SumRow = Named & Figures;

const keyOf = ({ day, agentId }: { day: string; agentId: number }) => `${day} ${agentId}`;

/** Hours come with times where there are any; hours alone, or times alone, make a row too. */
function agentDays(rows: readonly DayHours[], attendance: readonly Attendance[]): AgentDay[] {
  const hours = Map.groupBy(rows, keyOf);
  const timed = new Map(attendance.map((row) => [keyOf(row), row]));
  const untimed = [...hours].flatMap(([key, [row]]): Attendance[] =>
    row === undefined || timed.has(key)
      ? []
      : [
          {
            day: row.day,
            agentId: row.agentId,
            agent: row.agent,
            groups: [...new Set((hours.get(key) ?? []).map((each) => each.group))],
            clockIn: null,
            clockOut: null,
            timeZone: "",
            agentClockIn: null,
            agentClockOut: null,
            agentTimeZone: "",
            codes: "",
          },
        ],
  );
  return [...attendance, ...untimed]
    .map((row) => {
      const own = hours.get(keyOf(row)) ?? [];
      return { ...row, hours: total(own), unconfirmed: total(own, "unconfirmed"), breaks: total(own, "breaks") };
    })
    .sort((a, b) => (a.day === b.day ? a.agent.localeCompare(b.agent, "en") : a.day < b.day ? -1 : 1));
}

/** Null where the address names no week that can be shown. */
export async function loadWeek(sql: Sql, visit: Visit, address: string) {
  const week = weekOf(address, visit.groups);
  if (week === null) return null;
  const [rows, attendance, { notes, corrections }] = await Promise.all([
    getDays(sql, visit, week),
    getAttendance(sql, visit, week),
    getNotes(sql, visit, week, week),
  ]);
  const hasGroups = visit.groups.length > 1;
  const figures = {
    hours: (own: readonly Figures[]) => total(own),
    unconfirmed: (own: readonly Figures[]) => total(own, "unconfirmed"),
  };
  return {
    week,
    hasGroups,
    rows,
    before: weekOf(addDays(week, -7), visit.groups),
    after: week === currentWeek(visit.groups) ? null : addDays(week, 7),
    isLive: isLive(week, visit.groups),
    groups: hasGroups ? sumsBy(rows, groupOf, figures, everyGroup(visit)) : [],
    agents: sumsBy(rows, agentOf(hasGroups), figures),
    activities: sumsBy(activityHours(rows), activityOf, figures),
    days: agentDays(rows, attendance),
    notes,
    corrections,
  };
}

export type Week = NonNullable<Awaited<ReturnType<typeof loadWeek>>>;

const figures: Column<SumRow>[] = [
  { key: "hours", label: "Hours", value: (row) => row.hours, kind: "hours", total: true },
  { key: "unconfirmed", label: "Unconfirmed", value: (row) => row.unconfirmed, kind: "hours", total: true },
];

export function sumColumns(label: string, rows: readonly SumRow[], hasDetail: boolean): Column<SumRow>[] {
  return [
    {
      key: "name",
      label,
      value: (row) => row.name,
      isName: true,
      show: (row) => (hasDetail ? { after: { className: "under", text: row.detail } } : row.name),
    },
    shareColumn((row: SumRow) => row.hours, Math.max(...rows.map((row) => row.hours), 0)),
    ...figures,
  ];
}

/** In the file the client group is a column of its own. */
export function sumFileColumns(label: string, hasDetail: boolean): Column<SumRow>[] {
  return [
    { key: "name", label, value: (row) => row.name },
    ...(hasDetail ? [{ key: "client", label: "Client", value: (row: SumRow) => row.detail }] : []),
    ...figures,
  ];
}
