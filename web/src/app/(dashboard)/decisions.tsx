import { AlertMessage } from "@/components/alert_message";
import { AppLink } from "@/components/app_link";
import { alertName, noteName } from "@/components/codes";
import { timeText } from "@/range/days";
import { inState } from "@/range/range";
import { address } from "@/range/state";
import { countText } from "@/table/figures";
import { DigestAlerts, kindsOfDigestAlerts } from "./digest_alerts";
import type { Start } from "./start_load";

/** Kinds of alerts that a line of its own says as well, with the number. */
function saidOnce({ digests, feed }: Start): ReadonlySet<string> {
  return new Set([
    ...(feed && feed.deletionsHeld > 0 ? ["deletions_held"] : []),
    ...kindsOfDigestAlerts(digests),
    ...(digests.contactProblems > 0 ? ["contact_problems"] : []),
  ]);
}

/** Deliveries in doubt, deletions that are held back, open alerts, and this week's notes. */
export function Decisions(start: Start) {
  const { digests, feed, silent, counts, calendar, week } = start;
  const said = saidOnce(start);
  const alerts = start.alerts.filter((alert) => !said.has(alert.kind));
  const held = feed?.deletionsHeld ?? 0;
  const hasDigests = digests.inDoubt + digests.failed + digests.overdue + digests.queued > 0;
  if (!hasDigests && held + digests.contactProblems + alerts.length + silent.length + counts.length === 0)
    return <p className="empty">Nothing needs a decision.</p>;
  return (
    <>
      <DigestAlerts digests={digests} />
      {held > 0 && (
        <p className="message bad" role="alert">
          <AppLink href="/health">{held === 1 ? "One deletion" : `${countText(held)} deletions`}</AppLink>{" "}
          {held === 1 ? "is" : "are"} held back. Needs a decision.
        </p>
      )}
      {alerts.map((alert) => (
        <AlertMessage key={alert.id} detail={alert.detail}>
          <AppLink href="/health">{alertName(alert.kind)}</AppLink>, since {timeText(alert.raisedAt)} (
          {calendar.timeZone}):
        </AlertMessage>
      ))}
      {digests.contactProblems > 0 && (
        <p className="message">
          <AppLink href="/health">
            {digests.contactProblems === 1 ? "One contact" : `${countText(digests.contactProblems)} contacts`}
          </AppLink>{" "}
          to correct.
        </p>
      )}
      {silent.length > 0 && (
        <p className="message">
          <AppLink href="/health">
            {silent.length === 1 ? "One agent is" : `${silent.length} agents are`} unusually silent
          </AppLink>
          , {silent[0]?.agent} for {silent[0]?.silentDays} days.
        </p>
      )}
      {counts.length > 0 && (
        <>
          <p className="hint">
            <AppLink href={`${address("/", inState(week))}#attention`}>Notes of this week</AppLink>
          </p>
          <ul className="note-counts">
            {counts.map((each) => (
              <li key={each.code}>
                <strong data-note={each.code}>{countText(each.count)}</strong> {noteName(each.code).toLowerCase()}
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  );
}
