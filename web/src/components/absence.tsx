import type { Reason } from "@/data/explanation";
import type { Seen } from "@/data/last_seen";
import { seenText } from "@/range/clock";
import { RuleLink } from "./rule_link";
import type { Rule } from "./rules";

/** When an agent was last seen before some days, and next after them; day is the first of them. */
export function SeenText({ seen, day }: { seen: Seen; day: string }) {
  const last = seen.last === null ? "never seen before" : `last seen ${seenText(seen.last, day)} (${seen.lastZone})`;
  return (
    <>
      {last}
      {seen.next !== null && `, next ${seenText(seen.next, day)} (${seen.nextZone})`}
    </>
  );
}

/** Why none of a day's rows is work that counts, and the rule for that. */
function whyNot(reasons: readonly Reason[]): { text: string; rule: Rule } {
  const has = (part: Reason["part"]) => reasons.some((reason) => reason.part === part);
  if (has("session"))
    return {
      text: "No hours that day: there were only breaks, or work of no length. What happened is below.",
      rule: "R10",
    };
  if (has("event"))
    return { text: "No hours that day: none of its entries begins work. Each says why below.", rule: "R1" };
  return {
    text: "No hours that day: what Jibble sent for it could not be read, and is below as received.",
    rule: "R13",
  };
}

/** Why an agent has no hours on a day; nothing if there are some. */
export function Absence({
  reasons,
  seen,
  day,
  isMember,
}: {
  reasons: readonly Reason[];
  seen: Seen;
  day: string;
  isMember: boolean;
}) {
  if (reasons.some((reason) => reason.part === "hours" && (reason.seconds ?? 0) > 0)) return null;
  if (reasons.length > 0) {
    const { text, rule } = whyNot(reasons);
    return (
      <p className="message" data-absence="">
        {text} <RuleLink rule={rule} />
      </p>
    );
  }
  return (
    <p className="message" data-absence="">
      {day > seen.today
        ? "This day has not begun"
        : day === seen.today
          ? "No entries yet today"
          : "No entries that day"}
      , <SeenText seen={seen} day={day} />.{!isMember && " No longer a member in Jibble."}
    </p>
  );
}
