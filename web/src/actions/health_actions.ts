// Alerts, deletions that are held back, settings.
import type { Sql } from "@/data/database";
import { officeTime } from "@/data/time";
import { alertName } from "@/components/codes";
import { spanText, timeText } from "@/range/days";
import { type Action, counted, type Field, isTrue, numberOf, Refusal, resultOf, type Values } from "./action";
import { settingName, settingText } from "./setting_names";

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
    return {
      will: [
        `1 alert, open since ${timeText(alert.since)}: ${alertName(alert.kind)}. ${alert.detail}`,
        "No more messages are sent about it. It stays open until its cause is over.",
      ],
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

type Held = { count: number; undecided: number; days: number; first: string | null; last: string | null };

/** What an alert holds back. Contacts are counted in its detail alone: readers do not see their list. */
async function heldFor(sql: Sql, subject: string): Promise<Held> {
  const [held] = await sql<Held[]>`
    SELECT count(*)::int AS count, count(*) FILTER (WHERE h.kept_at IS NULL)::int AS undecided,
      count(DISTINCT coalesce(e.belongs_to_date, e.workday))::int AS days,
      min(coalesce(e.belongs_to_date, e.workday))::text AS first,
      max(coalesce(e.belongs_to_date, e.workday))::text AS last
    FROM timesheet.held_deletions AS h
    LEFT JOIN timesheet.agents AS a ON a.jibble_id = h.person_id
    LEFT JOIN timesheet.time_entries AS e ON h.resource = 'TimeEntries' AND e.jibble_activity_id = h.jibble_id
    WHERE CASE WHEN h.reason = 'nothing_listed' THEN h.resource ELSE
      coalesce('agent ' || a.agent_id, 'person ' || h.person_id, 'person without an id') END = ${subject}::text`;
  return held ?? { count: 0, undecided: 0, days: 0, first: null, last: null };
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
    const number = accept ? held.count : held.undecided;
    const things = counted(number, "object that Jibble no longer shows", "objects that Jibble no longer shows");
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
        alert.detail,
      ],
      facts: [],
      button: accept ? "Delete" : "Keep",
      seen: [alert.detail, held],
      expects: isOfContacts ? undefined : number,
      carryOut: async (db, actor, request) =>
        resultOf(
          await db<{ result: number }[]>`SELECT timesheet.operate_resolve_deletions(${actor}::text,
            ${String(alert.id)}::text::bigint, ${String(accept)}::text::boolean, ${request}::text::uuid) AS result`,
        ),
    };
  },
};

/** Each setting as text; null is "". */
async function settingsOf(sql: Sql): Promise<[string, string][]> {
  return (
    await sql<{ name: string; value: string }[]>`
      SELECT e.key AS name, coalesce(e.value, '') AS value FROM timesheet.settings AS s
      CROSS JOIN LATERAL jsonb_each_text(to_jsonb(s) - 'singleton') AS e ORDER BY e.key`
  ).map((row) => [row.name, row.value]);
}

const updateSettings: Action = {
  title: "Settings",
  about:
    "They hold for all clients and agents without values of their own. Hours that a change concerns are counted again.",
  fields: async (sql, values) =>
    (await settingsOf(sql)).map(([name, value]) => {
      const { label, hint, choices } = settingName(name);
      return {
        name,
        label,
        hint,
        choices,
        kind: choices ? "choice" : "text",
        value: values[name] ?? value,
        now: value,
      };
    }),
  async ask(sql, values) {
    // An address with some settings alone changes those; the form has all, and leaves empty ones out.
    const isWhole = values.was !== undefined;
    const changed = (await settingsOf(sql)).filter(
      ([name, value]) =>
        (isWhole || values[name] !== undefined) &&
        // A time with and without its seconds is the same.
        settingText(name, (values[name] ?? "").trim()) !== settingText(name, value),
    );
    if (changed.length === 0) throw new Refusal("Nothing was changed: change at least one setting.");
    const given = (name: string) => values[name]?.trim() || null;
    const changes = Object.fromEntries(changed.map(([name]) => [name, given(name)]));
    const seen = Object.fromEntries(changed.map(([name, value]) => [name, value || null]));
    return {
      will: [`${counted(changed.length, "setting", "settings")} will be changed.`],
      facts: changed.map(([name, value]) => ({
        name: settingName(name).label,
        now: settingText(name, value),
        then: settingText(name, given(name) ?? ""),
      })),
      button: "Change settings",
      seen,
      carryOut: async (db, actor, request) => {
        await db`SELECT timesheet.operate_update_settings(${actor}::text, ${JSON.stringify(changes)}::text::jsonb,
          ${JSON.stringify(seen)}::text::jsonb, ${request}::text::uuid)`;
        return null;
      },
    };
  },
};

export const healthActions = {
  acknowledge_alert: acknowledge,
  resolve_deletions: resolveDeletions,
  update_settings: updateSettings,
} satisfies Record<string, Action>;
