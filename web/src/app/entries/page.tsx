import { isOldestFirst, keyText } from "@/data/entries";
import { Frame } from "@/components/frame";
import type { Search } from "@/components/parameters";
import { To } from "@/components/to";
import { showing } from "@/http/answering";
import { inState, rangeText } from "@/range/range";
import { address, stateOf } from "@/range/state";
import { DataTable } from "@/table/data_table";
import { EntryFilters } from "./filters";
import { entryColumns, loadEntries } from "./load";

export const metadata = { title: "Entries" };

export default showing(async function Entries({ searchParams }: { searchParams: Search }) {
  const state = stateOf(await searchParams);
  const { calendar, range, rows, hasMore, agents, clients, activities } = await loadEntries(state);
  const isFiltered = ["agent", "client", "activity", "type", "deleted", "q"].some((name) => state[name]);
  const last = rows.at(-1);
  return (
    <Frame section="/entries" title="Entries" path="/entries" state={state} range={{ range, calendar }} search="Search names"
      subtitle="What Jibble sent, one row per event, with the session it opened. Times are in the zone the agent worked in.">
      <EntryFilters {...{ state, range, agents, clients, activities }} />
      <DataTable
        id="entries" caption={isOldestFirst(state) ? "Oldest first" : "Newest first"} columns={entryColumns} rows={rows} rowKey={(e) => e.id} path="/entries" state={state}
        order={{ key: "at", isDescending: !isOldestFirst(state) }} csv={address("/entries/csv", { ...state, ...inState(range), after: "" })}
        empty={isFiltered || state.after ? <>No (more) entries like that in {rangeText(range)}. <To href={address("/entries", inState(range))}>All of these days</To></> : `No entries in ${rangeText(range)}.`}
      />
      <nav className="pager" aria-label="Pages of entries">
        {state.after && <To className="button quiet" href={address("/entries", state, { after: null })}>First page</To>}
        {hasMore && last && <To className="button" href={address("/entries", { ...state, ...inState(range) }, { after: keyText(last) })} rel="next">Next {rows.length}</To>}
      </nav>
    </Frame>
  );
});
