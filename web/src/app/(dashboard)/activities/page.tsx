import { AppLink } from "@/components/app_link";
import { Frame } from "@/components/frame";
import type { Search } from "@/components/parameters";
import { withErrorPage } from "@/http/failures";
import { inState, rangeText } from "@/range/range";
import { address, stateOf } from "@/range/state";
import { DataTable } from "@/table/data_table";
import { loadActivities } from "./load";

export const metadata = { title: "Activities" };

export default withErrorPage(async function Activities({ searchParams }: { searchParams: Search }) {
  const state = stateOf(await searchParams);
  const { calendar, range, shown, order, rows } = await loadActivities(state);
  return (
    <Frame
      section="/activities"
      title="Activities"
      path="/activities"
      state={state}
      range={{ range, calendar }}
      search="Search activities"
    >
      <DataTable
        id="activities"
        caption={state.q ? `Activities with “${state.q}”` : "Hours by activity"}
        columns={shown}
        rows={rows}
        rowKey={(a) => a.key}
        path="/activities"
        state={state}
        order={order}
        csv={address("/activities/csv", { ...state, ...inState(range) })}
        tools={
          <AppLink className="button quiet" href={address("/activities/compare", inState(range))}>
            Compare periods
          </AppLink>
        }
        empty={state.q ? `No work on an activity called “${state.q}”.` : `No work in ${rangeText(range)}.`}
      />
    </Frame>
  );
});
