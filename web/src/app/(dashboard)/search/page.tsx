import { Frame } from "@/components/frame";
import { Pager } from "@/components/pager";
import type { Search } from "@/components/parameters";
import { withErrorPage } from "@/http/failures";
import { address, stateOf } from "@/range/state";
import { DataTable } from "@/table/data_table";
import { countText } from "@/table/figures";
import { loadSearch } from "./load";

export const metadata = { title: "Search" };

export default withErrorPage(async function SearchPage({ searchParams }: { searchParams: Search }) {
  const state = stateOf(await searchParams);
  const { search, columns, order, rows, shown, page, hasMore } = await loadSearch(state);
  return (
    <Frame section={null} title="Search" path="/search" state={state}>
      {search === "" ? (
        <p className="panel">Type a part of a name, a code or an e-mail address into the field at the top.</p>
      ) : (
        <>
          <DataTable
            id="found"
            caption={`${rows.length === 1 ? "One name" : `${countText(rows.length)} names`} with “${search}”`}
            columns={columns}
            rows={shown}
            rowKey={(n) => `${n.kind} ${n.key}`}
            path="/search"
            state={state}
            order={order}
            csv={address("/search/csv", state, { page: null })}
            empty={
              `No client, agent or activity has “${search}” in its name, former names, code or e-mail address. ` +
              "Try a shorter part of it."
            }
          />
          <Pager name="names" path="/search" state={state} page={page} hasMore={hasMore} />
        </>
      )}
    </Frame>
  );
});
