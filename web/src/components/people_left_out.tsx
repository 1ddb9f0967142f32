import { address, type State } from "@/range/state";
import { countText } from "@/table/figures";
import { AppLink } from "./app_link";

const people = (count: number) => (count === 1 ? "One person" : `${countText(count)} people`);

/** How many people a list leaves out, and the link that shows them, which the address keeps. */
export function PeopleLeftOut({
  path,
  state,
  isAll,
  left,
  days,
}: {
  path: string;
  state: State;
  isAll: boolean;
  left: number;
  days: string;
}) {
  if (left === 0) return null;
  return (
    <p className="hint" data-left={left}>
      {people(left)} without hours in {days} {left === 1 ? "is" : "are"} {isAll ? "among them" : "not shown"}.{" "}
      <AppLink href={address(path, state, { people: isAll ? null : "all" })} scroll={false}>
        {isAll ? "Leave them out" : "Show them"}
      </AppLink>
    </p>
  );
}

/** What an empty list of people says. */
export function peopleEmpty(state: State, left: number, when: string): string {
  if (state.q) return left > 0 ? `No agent with hours is called “${state.q}”.` : `No agent is called “${state.q}”.`;
  return left > 0 ? `No agent has hours ${when}.` : "No agent has been read from Jibble yet.";
}
