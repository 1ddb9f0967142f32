// E-mails to staff: previews of a contact's digest, which timesheet.outbox has, and who asked for them.
import type { Sql } from "./database";
import type { DeliveryState } from "./digests";
import { containsAll } from "./search";
import { officeTime } from "./time";

/** Times are the office's. */
export type PreviewEmail = {
  id: number;
  queuedAt: string;
  /** Null if it was queued by SQL, of which there is no record: then the contact and the week are not known either. */
  actor: string | null;
  recipient: string;
  contact: string | null;
  /** A day of the week. */
  week: string | null;
  subject: string;
  state: DeliveryState;
  attempts: number;
  provider: string | null;
  providerMessageId: string | null;
  error: string | null;
  lastAttemptAt: string | null;
  nextAttemptAt: string | null;
  sentAt: string | null;
};

function selectPreviews(sql: Sql) {
  const at = (column: string) => officeTime(sql, sql`m.${sql(column)}`);
  return sql`
    SELECT m.delivery_id AS id, ${at("created_at")} AS "queuedAt", o.actor, m.recipient,
      o.arguments ->> 'email' AS contact, o.arguments ->> 'week' AS week, m.subject, m.state, m.attempts, m.provider,
      m.provider_message_id AS "providerMessageId", m.error, ${at("last_attempt_at")} AS "lastAttemptAt",
      ${at("next_attempt_at")} AS "nextAttemptAt", ${at("sent_at")} AS "sentAt"
    FROM timesheet.outbox AS m
    LEFT JOIN timesheet.operator_actions AS o ON o.action = 'send_preview' AND o.result = to_jsonb(m.delivery_id)
    WHERE m.kind = 'preview'`;
}

function found(sql: Sql, search: string | undefined) {
  return containsAll(
    sql,
    sql`concat_ws(' ', o.actor, m.recipient, o.arguments ->> 'email', m.subject, m.provider, m.provider_message_id,
      m.error)`,
    search,
  );
}

/** The newest first, one row more than are shown. */
export async function getPreviews(sql: Sql, search: string | undefined, size: number): Promise<PreviewEmail[]> {
  return sql<PreviewEmail[]>`
    ${selectPreviews(sql)} ${found(sql, search)} ORDER BY m.delivery_id DESC LIMIT ${size + 1}`;
}

/** For the export, which has all of them: their ids, and the rows of some. */
export async function getPreviewIds(sql: Sql, search: string | undefined): Promise<number[]> {
  const rows = await sql<{ id: number }[]>`
    SELECT p.id FROM (${selectPreviews(sql)} ${found(sql, search)}) AS p ORDER BY p.id DESC`;
  return rows.map((row) => row.id);
}

export async function getPreviewsById(sql: Sql, ids: readonly number[]): Promise<PreviewEmail[]> {
  return sql<PreviewEmail[]>`
    ${selectPreviews(sql)} AND m.delivery_id = ANY (string_to_array(${ids.join(",")}, ',')::bigint[])`;
}
