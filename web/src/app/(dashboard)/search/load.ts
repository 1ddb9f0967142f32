import { getNames, type Named } from "@/data/names";
import { pageOf } from "@/data/paging";
import { read } from "@/data/read";
import { byName } from "@/data/rounded";
import { address, type State } from "@/range/state";
import { arrange, orderOf, plain } from "@/table/arrange";
import type { Column } from "@/table/columns";

const pageSize = 100;

const kinds = { client: "Client", agent: "Agent", activity: "Activity" };

function pathOf({ kind, key }: Named, days: State): string {
  if (kind === "activity") return address("/entries", { ...days, activity: String(key) });
  return address(kind === "client" ? `/clients/${key}` : `/agents/${key}`, days);
}

/** What a search looks into; the kind is none of it, as "agent" would find every agent. */
const searched: Column<Named>[] = [
  { key: "name", label: "Name", value: (n) => n.name },
  { key: "code", label: "Code", value: (n) => n.code },
  { key: "email", label: "E-mail", value: (n) => n.email },
  { key: "former", label: "Former names", value: (n) => n.former.join(", ") || null },
];

const columnsOf = (days: State): Column<Named>[] => [
  { ...(searched[0] as Column<Named>), isName: true, show: (n) => ({ href: pathOf(n, days) }) },
  { key: "kind", label: "Kind", value: (n) => kinds[n.kind] },
  ...searched.slice(1),
  { key: "status", label: "Status", value: (n) => n.status },
];

/** Names that begin with what is searched for come first, then clients, agents and activities by name. */
function byRelevance(rows: readonly Named[], search: string): Named[] {
  const begins = (row: Named) => plain(row.name).startsWith(plain(search).trim());
  const sorted = Object.keys(kinds).flatMap((kind) => byName(rows.filter((row) => row.kind === kind)));
  return [...sorted.filter(begins), ...sorted.filter((row) => !begins(row))];
}

export async function loadSearch(state: State) {
  const search = state.q?.trim() ?? "";
  const names = await read(getNames); // always, as reading is what checks the sign-in
  const days = { ...(state.from && { from: state.from }), ...(state.to && { to: state.to }) };
  const columns = columnsOf(days);
  const order = orderOf(columns, state, "sort", "");
  const found = search ? byRelevance(arrange(names, searched, search, null), search) : [];
  const rows = arrange(found, columns, undefined, order);
  const lastPage = Math.max(1, Math.ceil(rows.length / pageSize));
  const page = Math.min(pageOf(state), lastPage);
  return {
    search,
    days,
    columns,
    order,
    rows,
    page,
    hasMore: page < lastPage,
    shown: rows.slice((page - 1) * pageSize, page * pageSize),
  };
}
