import type { ActivityHours } from "@/data/activities";
import { address, type State } from "@/range/state";
import { arrange, orderOf } from "./arrange";
import { type Column, shareColumn } from "./columns";

/** Hours by activity, of everybody or of one client or agent; state holds that one for the links to entries. */
export function activityColumns(
  state: State,
  shows: "all" | "client" | "agent",
  max: number,
): { columns: Column<ActivityHours>[]; shown: Column<ActivityHours>[] } {
  const columns: Column<ActivityHours>[] = [
    {
      key: "name",
      label: "Activity",
      value: (a) => a.name,
      isName: true,
      show: (a) => ({ href: address("/entries", { ...state, activity: String(a.key) }) }),
    },
    { key: "code", label: "Code", value: (a) => a.code },
    { key: "hours", label: "Hours", value: (a) => a.hours, kind: "hours", total: true },
    { key: "unconfirmed", label: "Unconfirmed", value: (a) => a.unconfirmed, kind: "hours", total: true },
    ...(shows === "agent"
      ? []
      : [{ key: "agents", label: "Agents", value: (a: ActivityHours) => a.agents, kind: "count" as const }]),
    ...(shows === "all"
      ? [{ key: "clients", label: "Clients", value: (a: ActivityHours) => a.clients, kind: "count" as const }]
      : []),
    { key: "sessions", label: "Sessions", value: (a) => a.sessions, kind: "count", total: true },
  ];
  const share = shareColumn((a: ActivityHours) => a.hours, max);
  return { columns, shown: [...columns.slice(0, 3), share, ...columns.slice(3)] };
}

/** The table of a client's or an agent's hours by activity; state is the page's, days holds what the links carry on. */
export function activityTable(
  activities: readonly ActivityHours[],
  shows: "client" | "agent",
  days: State,
  state: State,
) {
  const { columns, shown } = activityColumns(days, shows, Math.max(...activities.map((a) => a.hours), 0));
  const activityOrder = orderOf(columns, state, "activities", "-hours");
  return {
    activityColumns: columns,
    activityShown: shown,
    activityOrder,
    activityRows: arrange(activities, columns, undefined, activityOrder),
  };
}
