// Who was informed of alerts: by each way, which is an address or the webhook, when an alert began and when it ended.
import type { Sql } from "./database";
import { officeTime } from "./time";

/** Times are the office's. */
export type AlertNotification = {
  alertId: number;
  /** "webhook", or "email ann@example.com". */
  way: string;
  event: "began" | "ended";
  state: string;
  /** When it was sent; null if it was not. */
  sentAt: string | null;
  error: string | null;
};

export async function getAlertNotifications(sql: Sql, alerts: readonly number[]): Promise<AlertNotification[]> {
  return sql<AlertNotification[]>`
    SELECT m.alert_id AS "alertId", m.way, m.event, m.state, ${officeTime(sql, sql`m.sent_at`)} AS "sentAt", m.error
    FROM timesheet.alert_messages AS m WHERE m.alert_id = ANY (string_to_array(${alerts.join(",")}, ',')::bigint[])
    ORDER BY m.alert_id, m.event, m.way`;
}

/** The ways that timesheetd had in its environment when it last looked. */
export async function getNotificationWays(sql: Sql): Promise<string[]> {
  const rows = await sql<{ way: string }[]>`
    SELECT w.way FROM timesheet.notification_ways AS w WHERE w.is_configured ORDER BY w.way`;
  return rows.map((row) => row.way);
}
