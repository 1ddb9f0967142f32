import type { Working } from "@/data/working_now";
import { clockText } from "@/table/figures";
import { AppLink } from "./app_link";

/** Who is working now, on what, and since when. */
export function WorkingList({ working }: { working: readonly Working[] }) {
  return (
    <ul className="working">
      {working.map((each) => (
        <li key={`${each.agentId} ${each.sinceLocal}`} data-agent={each.agentId}>
          <AppLink href={`/agents/${each.agentId}`}>{each.agent}</AppLink>
          <span>{each.kind === "break" ? "on a break" : each.activity}</span>
          <span className="detail">
            {each.client} · since {each.sinceLocal} in{" "}
            <span className="together">
              {each.timeZone} · {clockText(each.kind === "break" ? each.seconds : each.clockedInSeconds)}
            </span>
          </span>
        </li>
      ))}
    </ul>
  );
}
