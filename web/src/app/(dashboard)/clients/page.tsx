import { Frame } from "@/components/frame";
import type { Search } from "@/components/parameters";
import { withErrorPage } from "@/http/failures";
import { inState } from "@/range/range";
import { address, stateOf } from "@/range/state";
import { DataTable } from "@/table/data_table";
import { loadClients } from "./load";

export const metadata = { title: "Clients" };

export default withErrorPage(async function Clients({ searchParams }: { searchParams: Search }) {
  const state = stateOf(await searchParams);
  const { calendar, range, shown, order, rows } = await loadClients(state);
  return (
    <Frame
      section="/clients"
      title="Clients"
      path="/clients"
      state={state}
      range={{ range, calendar }}
      search="Search clients"
    >
      <DataTable
        id="clients"
        caption={state.q ? `Clients with “${state.q}”` : "All clients"}
        columns={shown}
        rows={rows}
        rowKey={(c) => c.key}
        path="/clients"
        state={state}
        order={order}
        csv={address("/clients/csv", { ...state, ...inState(range) })}
        empty={state.q ? `No client is called “${state.q}”.` : "No client group has been read from Jibble yet."}
      />
    </Frame>
  );
});
