import { Frame } from "@/components/frame";
import type { Search } from "@/components/parameters";
import { withErrorPage } from "@/http/failures";
import { inState } from "@/range/range";
import { address, stateOf } from "@/range/state";
import { DataTable } from "@/table/data_table";
import { loadAgents } from "./load";

export const metadata = { title: "Agents" };

export default withErrorPage(async function Agents({ searchParams }: { searchParams: Search }) {
  const state = stateOf(await searchParams);
  const { calendar, range, shown, order, rows } = await loadAgents(state);
  return (
    <Frame
      section="/agents"
      title="Agents"
      path="/agents"
      state={state}
      range={{ range, calendar }}
      search="Search agents"
    >
      <DataTable
        id="agents"
        caption={state.q ? `Agents with “${state.q}”` : "All agents"}
        columns={shown}
        rows={rows}
        rowKey={(a) => a.agentId}
        path="/agents"
        state={state}
        order={order}
        csv={address("/agents/csv", { ...state, ...inState(range) })}
        empty={state.q ? `No agent is called “${state.q}”.` : "No agent has been read from Jibble yet."}
      />
    </Frame>
  );
});
