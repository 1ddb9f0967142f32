import type { AlertNotification } from "@/data/alert_notifications";
import type { Alert } from "@/data/feed";
import { timeText } from "@/range/days";
import { DocLink } from "./doc_link";

const wayName = (way: string) => (way === "webhook" ? "the webhook" : way.replace(/^email /, ""));
const isEmail = (way: string) => way.startsWith("email ");

/** Who is informed, or that no one is. */
export function NotificationWays({ ways }: { ways: readonly string[] }) {
  const setup = "alerts.md#set-it-up";
  if (ways.length === 0)
    return (
      <p className="hint" data-ways="0">
        No one is informed of alerts: <DocLink to={setup}>neither an address nor a webhook is configured</DocLink>.
      </p>
    );
  const emails = ways.filter(isEmail).length;
  const named = [
    ...(emails > 0 ? [emails === 1 ? "one e-mail address" : `${emails} e-mail addresses`] : []),
    ...(emails < ways.length ? ["a webhook"] : []),
  ];
  return (
    <p className="hint" data-ways={ways.length}>
      Alerts are sent to {named.join(" and ")}: <DocLink to={setup}>how they are sent</DocLink>.
    </p>
  );
}

/** A time of the day on which the alert began is without its date. */
const moment = (at: string, alert: Alert) =>
  at.slice(0, 10) === alert.raisedAt.slice(0, 10) ? at.slice(11) : timeText(at);

/** "Its beginning was sent to ann@example.com 10:42, the webhook 10:42 (UTC)", and what was not sent. */
function linesOf(alert: Alert, notifications: readonly AlertNotification[], ways: readonly string[], zone: string) {
  const of = (event: string, ...states: string[]) =>
    notifications.filter((each) => each.event === event && states.includes(each.state));
  const lines: string[] = [];
  for (const [event, what] of [
    ["began", "Its beginning"],
    ["ended", "Its end"],
  ] as const) {
    const sent = of(event, "sent").map(({ way, sentAt }) => `${wayName(way)} ${sentAt ? moment(sentAt, alert) : ""}`);
    if (sent.length > 0) lines.push(`${what} was sent to ${sent.map((each) => each.trim()).join(", ")} (${zone})`);
    const waiting = of(event, "queued", "sending").map(({ way }) => wayName(way));
    if (waiting.length > 0) lines.push(`${what} waits to be sent to ${waiting.join(", ")}`);
    const failed = of(event, "failed", "in_doubt").map(
      ({ way, error }) => `${wayName(way)}${error ? ` (${error})` : ""}`,
    );
    if (failed.length > 0) lines.push(`${what} was not sent to ${failed.join(", ")}`);
  }
  if (lines.length === 0 && !alert.resolvedAt && !alert.acknowledgedBy)
    lines.push(ways.length === 0 ? "Sent to no one" : "Not sent yet");
  return lines;
}

/** By whom an alert was heard, a line for its beginning and one for its end. */
export function AlertNotifications({
  alert,
  notifications,
  ways,
  zone,
}: {
  alert: Alert;
  notifications: readonly AlertNotification[];
  ways: readonly string[];
  zone: string;
}) {
  const own = notifications.filter((each) => each.alertId === alert.id);
  return linesOf(alert, own, ways, zone).map((line) => (
    <span key={line} className="detail" data-informed={alert.id}>
      {line}
    </span>
  ));
}
