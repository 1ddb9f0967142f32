import { isOldestFirst, keyText } from "@/data/entries";
import { Frame } from "@/components/frame";
import type { Search } from "@/components/parameters";
import { AppLink } from "@/components/app_link";
import { withErrorPage } from "@/http/failures";
import { inState, rangeText } from "@/range/range";
import { address, stateOf } from "@/range/state";
import { DataTable } from "@/table/data_table";
import { EntryFilters } from "./filters";
import { entryColumns, loadEntries } from "./load";

export const metadata = { title: "Entries" };

export default withErrorPage(async function Entries({ searchParams }: { searchParams: Search }) {
  const state = stateOf(await searchParams);
  const { calendar, range, rows, hasMore, agents, clients, activities } = await loadEntries(state);
  const isFiltered = ["agent", "client", "activity", "type", "deleted", "q"].some((name) => state[name]);
  const last = rows.at(-1);
  return (
    <Frame
      section="/entries"
      title="Entries"
      path="/entries"
      state={state}
      range={{ range, calendar }}
      search="Search names"
      subtitle={
        "What Jibble sent, one row per entry, with the session that it opened. " +
        "Times are in the agent's working zone."
      }
    >
      <EntryFilters {...{ state, range, agents, clients, activities }} />
      <DataTable
        id="entries"
        caption={isOldestFirst(state) ? "Oldest first" : "Newest first"}
        columns={entryColumns}
        rows={rows}
        rowKey={(e) => e.id}
        path="/entries"
        state={state}
        order={{ key: "at", isDescending: !isOldestFirst(state) }}
        csv={address("/entries/csv", { ...state, ...inState(range), after: "" })}
        empty={
          isFiltered || state.after ? (
            <>
              No more matching entries in {rangeText(range)}.{" "}
              <AppLink href={address("/entries", inState(range))}>Show all of these days</AppLink>
            </>
          ) : (
            `No entries in ${rangeText(range)}.`
          )
        }
      />
      <nav className="pager" aria-label="Pages of entries">
        {state.after && (
          <AppLink className="button quiet" href={address("/entries", state, { after: null })} aria-keyshortcuts="k">
            First page
          </AppLink>
        )}
        {hasMore && last && (
          <AppLink
            className="button"
            href={address("/entries", { ...state, ...inState(range) }, { after: keyText(last) })}
            rel="next"
            aria-keyshortcuts="j"
          >
            Next {rows.length}
          </AppLink>
        )}
      </nav>
    </Frame>
  );
});
