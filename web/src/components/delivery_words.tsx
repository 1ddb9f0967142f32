import type { Delivery, DeliveryState } from "@/data/digests";
import { timeText } from "@/range/days";
import { ActionLink, ActionLinks } from "./action_link";

const names: Record<DeliveryState, string> = {
  queued: "queued",
  sending: "sending",
  sent: "sent",
  failed: "failed",
  in_doubt: "in doubt",
};

export function stateName(state: DeliveryState): string {
  return names[state];
}

export function StateTag({ state }: { state: DeliveryState }) {
  return <span className={`tag ${state}`}>{stateName(state)}</span>;
}

/** A provider as people write it. */
function providerName(provider: string | null): string {
  return provider ? provider.charAt(0).toUpperCase() + provider.slice(1) : "the provider";
}

type Attempted = Pick<
  Delivery,
  "state" | "provider" | "sentAt" | "attempts" | "error" | "nextAttemptAt" | "lastAttemptAt" | "isRevised"
>;

/** What became of an e-mail, or why it waits, in a sentence; times are in the zone that is named. */
export function whatHappened(d: Attempted, zone: string): string {
  const at = (time: string | null, without: string) => (time ? `${timeText(time)} (${zone})` : without);
  switch (d.state) {
    case "sent":
      return `${providerName(d.provider)} accepted it at ${at(d.sentAt, "an unknown time")}`;
    case "queued":
      return d.attempts === 0 && !d.error
        ? "Waits for the next pass of timesheetd"
        : `Will be tried again after ${at(d.nextAttemptAt, "a pause")}: ` +
            `${d.error ?? "the last attempt did not succeed"}`;
    case "sending":
      return (
        `Handed to ${providerName(d.provider)} at ` +
        `${at(d.lastAttemptAt, "an unknown time")}, no answer recorded yet`
      );
    case "failed":
      return `${d.isRevised ? "Queued again as a later revision. " : ""}${d.error ?? "No reason was recorded"}`;
    case "in_doubt":
      return d.error ?? "It is not known whether it was accepted";
  }
}

const literal = (text: string) => `'${text.replaceAll("'", "''")}'`;

/** What to do about it: buttons for those who may, the statements to run for others. */
export function Remedy({ delivery: d, mayChange }: { delivery: Delivery; mayChange: boolean }) {
  const again = `SELECT timesheet.resend_digest(${literal(d.email)}, ${literal(d.week)});`;
  if (d.state === "in_doubt")
    return (
      <div className="remedy">
        <p>
          It may have arrived, so it is not sent again automatically. Ask {providerName(d.provider)}
          {d.providerMessageId && ` about ${d.providerMessageId}`} or the recipient, then record the answer
          {mayChange ? "." : ", as the owner of the schema:"}
        </p>
        {mayChange ? (
          <ActionLinks>
            <ActionLink action="resolve_delivery" values={{ delivery: String(d.id), received: "true" }} isComplete>
              It arrived
            </ActionLink>
            <ActionLink action="resolve_delivery" values={{ delivery: String(d.id), received: "false" }} isComplete>
              It did not arrive
            </ActionLink>
          </ActionLinks>
        ) : (
          <pre tabIndex={0} aria-label={`What to run for delivery ${d.id}`}>
            {`SELECT timesheet.resolve_delivery(${d.id}, true);   -- it arrived\n` +
              `SELECT timesheet.resolve_delivery(${d.id}, false);  -- it did not; ` +
              `then, to send it with the current numbers:\n${again}`}
          </pre>
        )}
      </div>
    );
  if (d.state !== "failed") return null;
  if (d.gone)
    return (
      <p className="remedy">
        The person has {d.gone === "removed" ? "been removed from the contacts" : "unsubscribed"}, so there is nothing
        to do.
      </p>
    );
  if (d.isRevised) return <p className="remedy">It was queued again as a later revision, so there is nothing to do.</p>;
  return (
    <div className="remedy">
      <p>
        It was not accepted and will not be tried again automatically. Remove the cause, then queue it with the current
        numbers{mayChange ? "." : ", as the owner of the schema:"}
      </p>
      {mayChange ? (
        <ActionLinks>
          <ActionLink action="resend_digest" values={{ email: d.email, week: d.week }} isComplete>
            Send it again
          </ActionLink>
        </ActionLinks>
      ) : (
        <pre tabIndex={0} aria-label={`What to run for delivery ${d.id}`}>
          {again}
        </pre>
      )}
    </div>
  );
}
