import type { Working } from "@/data/working_now";
import { lengthText } from "@/table/figures";
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
            {each.client} · {each.kind === "break" ? "since" : "clocked in since"} {each.sinceLocal} in {each.timeZone}{" "}
            · {lengthText(each.kind === "break" ? each.seconds : each.clockedInSeconds)}
          </span>
        </li>
      ))}
    </ul>
  );
}
