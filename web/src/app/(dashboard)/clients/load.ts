import { getCalendarAndRange } from "@/data/calendar";
import { type ClientHours, getClientHours } from "@/data/clients";
import { read } from "@/data/read";
import { inState } from "@/range/range";
import { address, type State } from "@/range/state";
import { arrange, orderOf } from "@/table/arrange";
import { type Column, shareColumn } from "@/table/columns";

export async function loadClients(state: State) {
  const { calendar, range, clients } = await read(async (sql) => {
    const { calendar, range } = await getCalendarAndRange(sql, state);
    return { calendar, range, clients: await getClientHours(sql, range) };
  });
  const days = inState(range);
  const max = Math.max(...clients.map((client) => client.hours), 0);
  const columns: Column<ClientHours>[] = [
    {
      key: "name",
      label: "Client",
      value: (c) => c.name,
      isName: true,
      show: (c) => ({ href: address(`/clients/${c.key}`, days) }),
    },
    { key: "hours", label: "Hours", value: (c) => c.hours, kind: "hours", total: true },
    { key: "unconfirmed", label: "Unconfirmed", value: (c) => c.unconfirmed, kind: "hours", total: true },
    { key: "breaks", label: "Breaks", value: (c) => c.breaks, kind: "hours", total: true },
    { key: "agents", label: "Agents", value: (c) => c.agents, kind: "count" },
    { key: "sessions", label: "Sessions", value: (c) => c.sessions, kind: "count", total: true },
    { key: "incomplete", label: "No clock-out", value: (c) => c.incomplete, kind: "count", total: true },
    { key: "zone", label: "Zone", value: (c) => c.timeZone },
  ];
  const share = shareColumn((c: ClientHours) => c.hours, max);
  const order = orderOf(columns, state, "sort", "name");
  return {
    calendar,
    range,
    columns,
    shown: [...columns.slice(0, 2), share, ...columns.slice(2)],
    order,
    rows: arrange(clients, columns, state.q, order),
  };
}
