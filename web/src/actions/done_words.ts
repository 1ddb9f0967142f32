// What an action did, in a sentence with its numbers; for its result and for the list of changes.
import type { StaffAction } from "@/data/staff_log";
import { longDay } from "@/range/days";
import { counted } from "./action";
import { settingName, settingText } from "./setting_names";

/** An argument as text; null if it was left out. */
function argument({ arguments: given }: StaffAction, name: string): string | null {
  const value = given[name];
  return value === undefined || value === null ? null : typeof value === "string" ? value : JSON.stringify(value);
}

/** The settings that were changed, with what they are then: the record leaves out those that became empty. */
function changesOf({ arguments: given }: StaffAction): [string, string][] {
  const object = (value: unknown) => (typeof value === "object" && value !== null ? value : {});
  const changed = object(given.changes);
  const emptied = Object.keys(object(given.seen)).filter(
    (name) => settingName(name).empty !== undefined && !Object.hasOwn(changed, name),
  );
  const set = Object.entries(changed).map(([name, value]): [string, string] => [name, String(value ?? "")]);
  return [...set, ...emptied.map((name): [string, string] => [name, ""])];
}

function settings(done: StaffAction): string {
  const changes = changesOf(done);
  const then = changes.map(([name, value]) => `${settingName(name).label}: ${settingText(name, value)}`);
  return `${counted(changes.length, "setting was", "settings were")} changed. ${then.join("; ")}`;
}

/** A number of a result that is an object; 0 if it has none. */
function numberIn({ result }: StaffAction, name: string): number {
  const value = typeof result === "object" && result !== null ? (result as Record<string, unknown>)[name] : null;
  return Number(value) || 0;
}

const digestsOf = (done: StaffAction) => counted(numberIn(done, "digests"), "sent digest", "sent digests");

const entries = (done: StaffAction) =>
  typeof done.result === "number" ? `${counted(done.result, "entry", "entries")} changed` : "carried out";

const day = (text: string | null) => (text && /^\d{4}-\d\d-\d\d$/.test(text) ? longDay(text) : (text ?? ""));

const words: Readonly<Record<string, (done: StaffAction) => string>> = {
  resend_digest: (done) =>
    `1 digest of ${argument(done, "email")} for the week of ${day(argument(done, "week"))} was queued again, ` +
    `as delivery ${String(done.result)}`,
  resolve_delivery: (done) =>
    `1 digest, delivery ${argument(done, "delivery")}, was recorded as ` +
    (argument(done, "was_received") === "true" ? "sent: it arrived" : "failed: it did not arrive"),
  send_preview: (done) =>
    `1 preview of the digest of ${argument(done, "email")} for the week of ${day(argument(done, "week"))} ` +
    `was queued to ${argument(done, "recipient") ?? done.actor}`,
  erase_agent: (done) =>
    `The personal data of agent ${argument(done, "for_agent")} was erased: ` +
    `${counted(numberIn(done, "payloads"), "payload", "payloads")} reduced, ${digestsOf(done)} changed; the hours stay`,
  erase_contact: (done) =>
    `The address of contact ${argument(done, "contact")} was erased: ${digestsOf(done)} changed; the hours stay`,
  revoke_portal_links: (done) =>
    `${counted(Number(done.result), "link", "links")} of ${argument(done, "email")} to the portal ` +
    `${Number(done.result) === 1 ? "was" : "were"} revoked`,
  view_portal: (done) => `What ${argument(done, "email")} sees on the portal was shown`,
  resubscribe: (done) => `1 contact, ${argument(done, "email")}, was subscribed again`,
  set_client_group: (done) =>
    `1 client, ${done.client ?? "which is not there any more"}: ` +
    `time zone ${argument(done, "time_zone") ?? "as in Settings"}, ` +
    `week begins on ${settingText("week_starts_on", argument(done, "week_starts_on") ?? "") || ""}`.replace(
      "not set",
      "the day of Settings",
    ) +
    "; 0 entries changed",
  set_working_time: (done) =>
    `${done.agent ?? `All agents of ${done.client ?? "a client"}`} from ${day(argument(done, "since"))} on: ` +
    [
      argument(done, "time_zone") && `working zone ${argument(done, "time_zone")}`,
      argument(done, "day_cutoff") && `a day ends at ${argument(done, "day_cutoff")?.slice(0, 5)}`,
    ]
      .filter(Boolean)
      .join(", ") +
    `; ${entries(done)}`,
  assign_client_group: (done) =>
    `${done.agent ?? "An agent"} was moved to ${done.client ?? "a client"}; ${entries(done)}`,
  revoke_correction: (done) => `Correction ${argument(done, "correction")} was taken back; ${entries(done)}`,
  acknowledge_alert: (done) => `1 alert, number ${argument(done, "alert")}, was acknowledged`,
  resolve_deletions: (done) =>
    `${counted(Number(done.result), "object that Jibble no longer shows", "objects that Jibble no longer shows")} ` +
    (argument(done, "accept") === "true" ? "deleted" : "kept"),
  update_settings: settings,
};

export function doneWords(done: StaffAction): string {
  const known = Object.hasOwn(words, done.action) ? words[done.action] : undefined;
  return known ? known(done) : `${done.action.replaceAll("_", " ")}: ${JSON.stringify(done.arguments)}`;
}
