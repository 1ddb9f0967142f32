import type { Sql } from "./database";
import { officeTime } from "./time";

export type Feed = {
  freshThrough: string | null;
  ageSeconds: number | null;
  isStale: boolean | null;
  lastSuccessAt: string | null;
  lastNightlyAt: string | null;
  lastErrorAt: string | null;
  lastError: string | null;
  failedSinceSuccess: number;
  backlog: number;
  rejected: number;
  silentAgents: number;
  deletionsHeld: number;
  withoutActivityAfterBreak: number;
  lastAuditAt: string | null;
  auditedSince: string | null;
  auditedUntil: string | null;
  auditDaysDiffering: number | null;
  auditDaysNotCompared: number | null;
};

export async function getFeedHealth(sql: Sql): Promise<Feed | null> {
  const at = (column: string) => officeTime(sql, sql`f.${sql(column)}`);
  const [row] = await sql<Feed[]>`
    SELECT ${at("fresh_through")} AS "freshThrough", extract(epoch FROM f.age)::bigint AS "ageSeconds",
      f.is_stale AS "isStale",
      ${at("last_success_at")} AS "lastSuccessAt", ${at("last_nightly_at")} AS "lastNightlyAt",
      ${at("last_error_at")} AS "lastErrorAt", f.last_error AS "lastError",
      f.failed_since_success::int AS "failedSinceSuccess", f.backlog::int AS backlog,
      f.rejected::int AS "rejected", f.silent_agents::int AS "silentAgents",
      f.deletions_held::int AS "deletionsHeld", f.without_activity_after_break::int AS "withoutActivityAfterBreak",
      ${at("last_audit_at")} AS "lastAuditAt", f.audited_since::text AS "auditedSince",
      f.audited_until::text AS "auditedUntil",
      f.audit_days_differing::int AS "auditDaysDiffering", f.audit_days_not_compared::int AS "auditDaysNotCompared"
    FROM timesheet.feed_health AS f`;
  return row ?? null;
}

export type Alert = {
  id: number;
  kind: string;
  subject: string;
  raisedAt: string;
  raisedUtc: string;
  acknowledgedAt: string | null;
  acknowledgedBy: string | null;
  resolvedAt: string | null;
  detail: string;
};

/**
 * Open alerts first, then the newest of the others. Of some kinds there may be one for each delivery or person: those
 * come last, so that they hide no other.
 */
export async function getAlerts(sql: Sql, limit = 20): Promise<Alert[]> {
  return sql<Alert[]>`
    SELECT a.alert_id AS id, a.kind, a.subject, ${officeTime(sql, sql`a.since`)} AS "raisedAt",
      to_char(a.since AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS') AS "raisedUtc",
      ${officeTime(sql, sql`a.acknowledged_at`)} AS "acknowledgedAt", a.acknowledged_by AS "acknowledgedBy",
      ${officeTime(sql, sql`a.resolved_at`)} AS "resolvedAt", a.detail
    FROM timesheet.alerts AS a
    ORDER BY a.resolved_at IS NOT NULL,
      a.resolved_at IS NULL AND a.kind IN ('digest_failed', 'digest_in_doubt', 'deletions_held'), a.alert_id DESC
    LIMIT ${limit}`;
}

export async function countOpenAlerts(sql: Sql): Promise<number> {
  const [row] = await sql<{ open: number }[]>`
    SELECT count(*)::int AS open FROM timesheet.alerts AS a WHERE a.resolved_at IS NULL`;
  return row?.open ?? 0;
}

export type Finding = {
  agentId: number;
  agent: string;
  day: string;
  kind: string;
  ourSeconds: number;
  jibbleSeconds: number | null;
  detail: string;
};

/** The days of the last audit that differ or could not be compared. */
export async function getAuditFindings(sql: Sql, limit = 20): Promise<Finding[]> {
  return sql<Finding[]>`
    SELECT f.agent_id AS "agentId", a.label AS agent, f.day::text AS day, f.kind,
      f.our_seconds::float8 AS "ourSeconds", f.jibble_seconds::float8 AS "jibbleSeconds", f.detail
    FROM timesheet.feed_health AS h JOIN timesheet.audit_findings AS f
      ON f.day BETWEEN h.audited_since AND h.audited_until JOIN timesheet.agent_labels AS a USING (agent_id)
    WHERE f.kind IN ('differs', 'refused', 'unreadable')
    ORDER BY f.kind, f.day, a.label LIMIT ${limit}`;
}

export type Silent = { agentId: number; agent: string; client: string; lastActivityAt: string; silentDays: number };

export async function getSilentAgents(sql: Sql): Promise<Silent[]> {
  return sql<Silent[]>`
    SELECT s.agent_id AS "agentId", l.label AS agent, c.label AS client,
      ${officeTime(sql, sql`s.last_activity_at`)} AS "lastActivityAt",
      floor(extract(epoch FROM now() - s.last_activity_at) / 86400)::int AS "silentDays"
    FROM timesheet.silent_agents AS s
    JOIN timesheet.agents AS a ON a.agent_id = s.agent_id
    JOIN timesheet.agent_labels AS l ON l.agent_id = s.agent_id
    JOIN timesheet.client_group_labels AS c ON c.key = coalesce(a.client_group_id, 0)
    ORDER BY s.last_activity_at DESC, s.agent_id`;
}
