// Alerts, and deletions that are held back.
import type { Sql } from "@/data/database";
import { officeTime } from "@/data/time";
import { alertName } from "@/components/codes";
import { alertText } from "@/components/alert_text";
import { spanText, timeText } from "@/range/days";
import { type Action, counted, type Field, isTrue, numberOf, Refusal, resultOf, type Values } from "./action";
import { updateSettings } from "./settings_action";

type Alert = {
  id: number;
  kind: string;
  subject: string;
  detail: string;
  since: string;
  acknowledgedBy: string | null;
  resolvedAt: string | null;
};

async function openAlert(sql: Sql, values: Values): Promise<Alert> {
  const id = numberOf(values, "alert", "an alert");
  const [alert] = await sql<Alert[]>`
    SELECT a.alert_id AS id, a.kind, a.subject, a.detail, ${officeTime(sql, sql`a.since`)} AS since,
      a.acknowledged_by AS "acknowledgedBy", ${officeTime(sql, sql`a.resolved_at`)} AS "resolvedAt"
    FROM timesheet.alerts AS a WHERE a.alert_id = ${id}`;
  if (!alert) throw new Refusal(`There is no alert ${id}. Choose one under Health.`);
  if (alert.resolvedAt)
    throw new Refusal(`The alert is over since ${timeText(alert.resolvedAt)}: there is nothing to do.`);
  return alert;
}

const alertField = (values: Values): Field => ({
  name: "alert",
  label: "Number of the alert",
  kind: "text",
  isRequired: true,
  value: values.alert,
});

const acknowledge: Action = {
  title: "Acknowledge an alert",
  about: "No more messages are sent about it. It stays open until its cause is over.",
  fields: async (_, values) => [alertField(values)],
  async ask(sql, values) {
    const alert = await openAlert(sql, values);
    if (alert.acknowledgedBy)
      throw new Refusal(`${alert.acknowledgedBy} acknowledged it already: there is nothing to do.`);
    const { sentence, forAdministrator } = alertText(alert.detail);
    return {
      will: [
        `1 alert, open since ${timeText(alert.since)}: ${alertName(alert.kind)}. ${sentence}`,
        "No more messages are sent about it. It stays open until its cause is over.",
      ],
      forAdministrator,
      facts: [],
      button: "Acknowledge",
      seen: [alert.detail],
      carryOut: async (db, actor, request) => {
        await db`SELECT timesheet.operate_acknowledge_alert(${actor}::text, ${String(alert.id)}::text::bigint,
          ${request}::text::uuid)`;
        return null;
      },
    };
  },
};

type Held = { count: number; days: number; first: string | null; last: string | null };

/**
 * What an alert holds back; what a person decided to keep is no part of it. Contacts are counted in its detail alone:
 * readers do not see their list.
 */
async function heldFor(sql: Sql, subject: string): Promise<Held> {
  const [held] = await sql<Held[]>`
    SELECT count(*)::int AS count,
      count(DISTINCT coalesce(e.belongs_to_date, e.workday))::int AS days,
      min(coalesce(e.belongs_to_date, e.workday))::text AS first,
      max(coalesce(e.belongs_to_date, e.workday))::text AS last
    FROM timesheet.held_deletions AS h
    LEFT JOIN timesheet.agents AS a ON a.jibble_id = h.person_id
    LEFT JOIN timesheet.time_entries AS e ON h.resource = 'TimeEntries' AND e.jibble_activity_id = h.jibble_id
    WHERE h.kept_at IS NULL AND CASE WHEN h.reason = 'nothing_listed' THEN h.resource ELSE
      coalesce('agent ' || a.agent_id, 'person ' || h.person_id, 'person without an id') END = ${subject}::text`;
  return held ?? { count: 0, days: 0, first: null, last: null };
}

const resolveDeletions: Action = {
  title: "Decide about deletions that are held back",
  about: "What Jibble no longer shows still counts, until a person decides.",
  fields: async (_, values) => [
    alertField(values),
    {
      name: "accept",
      label: "What is held back",
      kind: "choice",
      isRequired: true,
      value: values.accept,
      choices: [
        { value: "true", label: "is deleted" },
        { value: "false", label: "is kept and counts" },
      ],
    },
  ],
  async ask(sql, values) {
    const [alert, accept] = [await openAlert(sql, values), isTrue(values, "accept")];
    if (alert.kind !== "deletions_held") throw new Refusal("This alert is not about deletions that are held back.");
    const isOfContacts = alert.subject === "contacts";
    if (isOfContacts && !accept)
      throw new Refusal("Contacts cannot be kept here: list them in Airtable again, then they receive digests again.");
    const held = await heldFor(sql, alert.subject);
    const { sentence, forAdministrator } = alertText(alert.detail);
    const things = counted(held.count, "object that Jibble no longer shows", "objects that Jibble no longer shows");
    const days =
      held.first && held.last
        ? ` They are of ${counted(held.days, "day", "days")}, ${spanText(held.first, held.last)}.`
        : "";
    return {
      will: [
        isOfContacts
          ? "The contacts that Airtable no longer lists will be removed. They receive no more digests."
          : accept
            ? `${things} will be deleted, and hours are counted without them.${days}`
            : `${things} will be kept and count on, without an alert.${days}`,
        sentence,
      ],
      forAdministrator,
      facts: [],
      button: accept ? "Delete" : "Keep",
      seen: [alert.detail, held],
      expects: isOfContacts ? undefined : held.count,
      carryOut: async (db, actor, request) =>
        resultOf(
          await db<{ result: number }[]>`SELECT timesheet.operate_resolve_deletions(${actor}::text,
            ${String(alert.id)}::text::bigint, ${String(accept)}::text::boolean, ${request}::text::uuid) AS result`,
        ),
    };
  },
};

export const healthActions = {
  acknowledge_alert: acknowledge,
  resolve_deletions: resolveDeletions,
  update_settings: updateSettings,
} satisfies Record<string, Action>;
