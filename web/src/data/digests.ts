import type { Range } from "@/range/range";
import type { State } from "@/range/state";
import type { Sql } from "./database";
import type { Order } from "@/table/arrange";
import { inOrder, type Part, partOf } from "./paging";
import type { Hundredths } from "./rounded";
import { containsAll } from "./search";
import { officeMidnight, officeTime } from "./time";

export const deliveryStates = ["queued", "sending", "sent", "failed", "in_doubt"] as const;
export type DeliveryState = (typeof deliveryStates)[number];

/** An e-mail of the outbox. Times are the office's. */
export type Delivery = {
  id: number;
  email: string;
  week: string;
  period: string;
  title: string;
  hours: Hundredths;
  revision: number;
  state: DeliveryState;
  attempts: number;
  provider: string | null;
  providerMessageId: string | null;
  error: string | null;
  queuedAt: string;
  lastAttemptAt: string | null;
  nextAttemptAt: string | null;
  sentAt: string | null;
  contactId: number;
  isRevised: boolean;
  /** Why the person no longer receives digests. */
  gone: "unsubscribed" | "removed" | null;
};

function selectDeliveries(sql: Sql) {
  const at = (column: string) => officeTime(sql, sql`d.${sql(column)}`);
  return sql`
    SELECT d.delivery_id AS id, d.email, d.week::text AS week, d.period, d.title, (d.hours * 100)::bigint AS hours,
      d.revision, d.state, d.attempts, d.provider,
      d.provider_message_id AS "providerMessageId", d.error, ${at("created_at")} AS "queuedAt",
      ${at("last_attempt_at")} AS "lastAttemptAt", ${at("next_attempt_at")} AS "nextAttemptAt",
      ${at("sent_at")} AS "sentAt", d.contact_id AS "contactId", m.is_revised AS "isRevised",
      CASE WHEN m.unsubscribed_at IS NOT NULL THEN 'unsubscribed'
        WHEN m.removed_at IS NOT NULL THEN 'removed' END AS gone
    FROM timesheet.digests AS d JOIN timesheet.digest_emails AS m USING (delivery_id)`;
}

/** Those queued in the range (the office's days), by the filters of the state. */
function filtersOf(sql: Sql, range: Range, state: State) {
  const only = deliveryStates.find((known) => known === state.state);
  return sql`
    d.created_at >= ${officeMidnight(sql, range.since)} AND d.created_at < ${officeMidnight(sql, range.until)}
    ${only ? sql`AND d.state = ${only}` : sql``}
    ${containsAll(
      sql,
      sql`concat_ws(' ', d.email, d.title, d.period, d.provider, d.provider_message_id, d.error)`,
      state.q,
    )}`;
}

export async function getDeliveries(sql: Sql, range: Range, state: State, part: Part): Promise<Delivery[]> {
  return sql<
    Delivery[]
  >`SELECT * FROM (${selectDeliveries(sql)} WHERE ${filtersOf(sql, range, state)}) AS d ${partOf(sql, part, "id")}`;
}

export async function getDeliveryIds(sql: Sql, range: Range, state: State, order: Order | null): Promise<number[]> {
  const rows = await sql<{ id: number }[]>`
    SELECT d.id FROM (${selectDeliveries(sql)} WHERE ${filtersOf(sql, range, state)}) AS d
    ${inOrder(sql, order, "id")}`;
  return rows.map((row) => row.id);
}

export async function getDeliveriesById(sql: Sql, ids: readonly number[]): Promise<Delivery[]> {
  return sql<
    Delivery[]
  >`${selectDeliveries(sql)} WHERE d.delivery_id = ANY (string_to_array(${ids.join(",")}, ',')::bigint[])`;
}

export async function getDeliverySums(
  sql: Sql,
  range: Range,
  state: State,
): Promise<{ count: number; hours: Hundredths }> {
  const [row] = await sql<{ count: number; hours: Hundredths }[]>`
    SELECT count(*)::int AS count, coalesce(sum(d.hours) * 100, 0)::bigint AS hours
    FROM timesheet.digests AS d WHERE ${filtersOf(sql, range, state)}`;
  return row ?? { count: 0, hours: 0 };
}

/**
 * Deliveries that need a decision, whenever they were queued: in doubt, or failed and not sent again to a person who
 * should have them.
 */
export async function getDeliveriesToResolve(sql: Sql, limit = 20): Promise<Delivery[]> {
  return sql<Delivery[]>`
    ${selectDeliveries(sql)} WHERE d.state = 'in_doubt' OR (d.state = 'failed' AND NOT m.is_revised
      AND m.unsubscribed_at IS NULL AND m.removed_at IS NULL)
    ORDER BY d.state DESC, d.delivery_id DESC LIMIT ${limit}`;
}

export type Mail = {
  subject: string;
  timeZones: string | null;
  asOf: string | null;
  text: string | null;
  hasHtml: boolean;
  /** The delivery's times in UTC, by name. */
  utc: { name: string; at: string | null }[];
  firstAttemptAt: string | null;
  isIndeterminate: boolean;
};

export async function getDelivery(
  sql: Sql,
  id: number,
): Promise<{ delivery: Delivery; mail: Mail; revisions: Delivery[] } | null> {
  const [delivery] = await sql<Delivery[]>`${selectDeliveries(sql)} WHERE d.delivery_id = ${id}`;
  if (!delivery) return null;
  const [[mail], revisions] = await Promise.all([
    sql<Mail[]>`
      SELECT m.subject, m.time_zones AS "timeZones", m.as_of AS "asOf", m.body AS text, m.html IS NOT NULL AS "hasHtml",
        ${officeTime(sql, sql`m.first_attempt_at`)} AS "firstAttemptAt", m.is_indeterminate AS "isIndeterminate",
        (SELECT json_agg(json_build_object('name', t.name, 'at', to_char(t.at AT TIME ZONE 'UTC',
            'YYYY-MM-DD HH24:MI:SS')) ORDER BY t.n)
          FROM (VALUES (1, 'queued', d.created_at), (2, 'first attempt', m.first_attempt_at),
            (3, 'last attempt', d.last_attempt_at), (4, 'sent', d.sent_at)) AS t (n, name, at)) AS utc
      FROM timesheet.digest_emails AS m JOIN timesheet.digests AS d USING (delivery_id)
      WHERE m.delivery_id = ${id}`,
    sql<Delivery[]>`${selectDeliveries(sql)}
      WHERE d.contact_id = ${delivery.contactId} AND d.week = ${delivery.week}::text::date ORDER BY d.revision DESC`,
  ]);
  return mail ? { delivery, mail, revisions } : null;
}

export async function getEmailHtml(sql: Sql, id: number): Promise<string | null> {
  const [row] = await sql<
    { html: string | null }[]
  >`SELECT m.html FROM timesheet.digest_emails AS m WHERE m.delivery_id = ${id}`;
  return row?.html ?? null;
}

/** An agent's hours as a delivery reported them, for its own week or for an earlier one that it corrected. */
export type ReportedHours = {
  key: string;
  week: string;
  isCorrection: boolean;
  client: string;
  clientKey: number;
  agent: string;
  agentId: number;
  days: number;
  firstDay: string;
  lastDay: string;
  hours: Hundredths;
};

export async function getReportedHours(sql: Sql, id: number): Promise<ReportedHours[]> {
  return sql<ReportedHours[]>`
    SELECT concat_ws(' ', h.week, h.client_group_id, h.agent_id) AS key, h.week::text AS week,
      h.is_correction AS "isCorrection", c.label AS client,
      h.client_group_id AS "clientKey", l.label AS agent, h.agent_id AS "agentId", count(*)::int AS days,
      min(h.workday)::text AS "firstDay", max(h.workday)::text AS "lastDay", (sum(h.hours) * 100)::bigint AS hours
    FROM timesheet.digest_hours AS h
    JOIN timesheet.agent_labels AS l ON l.agent_id = h.agent_id
    JOIN timesheet.client_group_labels AS c ON c.key = h.client_group_id
    WHERE h.delivery_id = ${id}
    GROUP BY h.week, h.is_correction, c.label, h.client_group_id, l.label, h.agent_id
    ORDER BY h.is_correction, h.week DESC, c.label, l.label`;
}
