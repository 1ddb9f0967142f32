// The first page: this week and the twelve before it.
import type { Sql } from "@/data/database";
import type { Hundredths } from "@/data/rounded";
import type { Column } from "@/table/columns";
import { activityHours, activityOf } from "./activities";
import { getWeeks } from "./hours";
import { getNotes } from "./notes";
import { agentOf, everyGroup, groupOf, type Named, sumsBy, total } from "./sums";
import type { Visit } from "./visit";
import { spanOfWeek, weeksShown } from "./weeks";
import { weekText } from "./words";

export type WeekRow = {
  week: string;
  first: string;
  last: string;
  text: string;
  hours: Hundredths;
  unconfirmed: Hundredths;
};
export type NameRow = Named & { now: Hundredths; before: Hundredths; all: Hundredths };

export async function loadOverview(sql: Sql, visit: Visit) {
  const weeks = weeksShown(visit.groups);
  const [current, previous] = [weeks[0] as string, weeks[1] as string];
  const first = weeks.at(-1) as string;
  const [rows, { corrections }] = await Promise.all([
    getWeeks(sql, visit, first, current),
    getNotes(sql, visit, first, current),
  ]);
  type Row = { week: string; hours: Hundredths };
  const of = (week: string) => (own: readonly Row[]) => total(own.filter((row) => row.week === week));
  const figures = { now: of(current), before: of(previous), all: (own: readonly Row[]) => total(own) };
  const hasGroups = visit.groups.length > 1;
  return {
    current,
    previous,
    rows,
    corrections,
    weeks: weeks.map((week): WeekRow => {
      const own = rows.filter((row) => row.week === week);
      return {
        week,
        ...spanOfWeek(week, visit.groups),
        text: weekText(week, visit.groups),
        hours: total(own),
        unconfirmed: total(own, "unconfirmed"),
      };
    }),
    groups: hasGroups ? sumsBy(rows, groupOf, figures, everyGroup(visit)) : [],
    agents: sumsBy(rows, agentOf(hasGroups), figures),
    activities: sumsBy(activityHours(rows), activityOf, figures),
  };
}

export type Overview = Awaited<ReturnType<typeof loadOverview>>;

export const weekColumns: Column<WeekRow>[] = [
  {
    key: "week",
    label: "Week",
    value: (row) => row.week,
    isName: true,
    show: (row) => ({ text: row.text, href: `/portal/week/${row.week}` }),
  },
  { key: "hours", label: "Hours", value: (row) => row.hours, kind: "hours", total: true },
  { key: "unconfirmed", label: "Unconfirmed", value: (row) => row.unconfirmed, kind: "hours", total: true },
];

/** In the file a week is two days. */
export const weekFileColumns: Column<WeekRow>[] = [
  { key: "first", label: "First day", value: (row) => row.first },
  { key: "last", label: "Last day", value: (row) => row.last },
  ...weekColumns.slice(1),
];

export function nameColumns(label: string, hasDetail: boolean): Column<NameRow>[] {
  return [
    {
      key: "name",
      label,
      value: (row) => row.name,
      isName: true,
      show: (row) => (hasDetail ? { after: { className: "under", text: row.detail } } : row.name),
    },
    { key: "now", label: "This week", value: (row) => row.now, kind: "hours", total: true },
    { key: "before", label: "Last week", value: (row) => row.before, kind: "hours", total: true },
    { key: "all", label: "13 weeks", value: (row) => row.all, kind: "hours", total: true },
  ];
}

/** In the file the client group is a column of its own. */
export function nameFileColumns(label: string, hasDetail: boolean): Column<NameRow>[] {
  const [name, ...figures] = nameColumns(label, hasDetail);
  return [
    ...(name ? [name] : []),
    ...(hasDetail ? [{ key: "client", label: "Client", value: (row: NameRow) => row.detail }] : []),
    ...figures,
  ];
}
