import { AppLink } from "@/components/app_link";
import { Frame } from "@/components/frame";
import type { Search } from "@/components/parameters";
import { PeopleLeftOut, peopleEmpty } from "@/components/people_left_out";
import { usualOf, type Verdict } from "@/data/usual";
import { withErrorPage } from "@/http/failures";
import { addDays, spanText } from "@/range/days";
import { before, thisWeek } from "@/range/range";
import { address, stateOf } from "@/range/state";
import { DataTable } from "@/table/data_table";
import { countText } from "@/table/figures";
import { loadUsual, verdictNames } from "./load";

export const metadata = { title: "Usual week" };

const path = "/agents/usual";
const choices: (Verdict | null)[] = [null, "under", "over", "usual", "new"];

export default withErrorPage(async function Usual({ searchParams }: { searchParams: Search }) {
  const state = stateOf(await searchParams);
  const { calendar, columns, order, show, counts, week, rows, isAll, left } = await loadUsual(state);
  const all = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const newest = before(thisWeek(calendar)).since;
  const days = spanText(week, addDays(week, 6));
  const to = (day: string) => address(path, state, { from: day, to: null });
  return (
    <Frame
      section="/agents"
      title="Over or under their usual week"
      path={path}
      state={state}
      hasHours
      trail={{ path: "/agents", name: "Agents" }}
      subtitle={
        `A usual week is the median of the ${usualOf.weeks} full weeks before, of those with hours, if they are at ` +
        `least ${usualOf.atLeast}. Over and under: by more than ${usualOf.percent} %. All of an agent's hours count; ` +
        `weeks begin as the current client's do.`
      }
    >
      <div className="range-row">
        <nav className="steps" aria-label="Week shown">
          <AppLink className="button quiet" href={to(addDays(week, -7))} aria-label="Earlier week" scroll={false}>
            ←
          </AppLink>
          <strong data-week={week}>{days}</strong>
          {week < newest && (
            <AppLink className="button quiet" href={to(addDays(week, 7))} aria-label="Later week" scroll={false}>
              →
            </AppLink>
          )}
        </nav>
        <ul className="presets" aria-label="Who is shown">
          {choices.map((each) => (
            <li key={each ?? "all"}>
              <AppLink
                href={address(path, state, { show: each })}
                aria-current={show === each ? "true" : undefined}
                scroll={false}
              >
                {each === null ? "All" : verdictNames[each]} ({countText(each === null ? all : counts[each])})
              </AppLink>
            </li>
          ))}
        </ul>
      </div>
      <DataTable
        id="usual"
        caption={state.q ? `Agents with “${state.q}”` : "Agents and their usual week"}
        columns={columns}
        rows={rows}
        rowKey={(a) => a.agentId}
        path={path}
        state={state}
        order={order}
        csv={address(`${path}/csv`, state)}
        empty={show && all > 0 ? "No agent among them." : peopleEmpty(state, left, `in ${days}`)}
        note={<PeopleLeftOut path={path} state={state} isAll={isAll} left={left} days={days} />}
      />
    </Frame>
  );
});
