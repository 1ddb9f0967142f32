import { AppLink } from "@/components/app_link";
import { Frame } from "@/components/frame";
import { PeopleLeftOut, peopleEmpty } from "@/components/people_left_out";
import type { Search } from "@/components/parameters";
import { withErrorPage } from "@/http/failures";
import { inState, rangeText } from "@/range/range";
import { address, stateOf } from "@/range/state";
import { DataTable } from "@/table/data_table";
import { loadAgents } from "./load";

export const metadata = { title: "Agents" };

export default withErrorPage(async function Agents({ searchParams }: { searchParams: Search }) {
  const state = stateOf(await searchParams);
  const { calendar, range, shown, order, rows, isAll, left } = await loadAgents(state);
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
        caption={state.q ? `Agents with “${state.q}”` : isAll ? "All agents" : "Agents with hours"}
        columns={shown}
        rows={rows}
        rowKey={(a) => a.agentId}
        path="/agents"
        state={state}
        order={order}
        csv={address("/agents/csv", { ...state, ...inState(range) })}
        empty={peopleEmpty(state, left, `in ${rangeText(range)}`)}
        tools={
          <AppLink className="button quiet" href={address("/agents/usual", { from: range.since })}>
            Usual week
          </AppLink>
        }
        note={<PeopleLeftOut path="/agents" state={state} isAll={isAll} left={left} days={rangeText(range)} />}
      />
    </Frame>
  );
});
