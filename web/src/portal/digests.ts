import type { Sql } from "@/data/database";
import type { Visit } from "./visit";

/** An e-mail that was sent to the person who is looking; the time is the first client group's. */
export type Digest = { id: number; week: string; sentAt: string; subject: string };

const maxDigests = 100;

export async function getDigests(sql: Sql, { token, groups }: Visit): Promise<Digest[]> {
  const zone = groups[0]?.timeZone ?? "UTC";
  return sql<Digest[]>`
    SELECT d.delivery AS id, d.week::text AS week, d.subject,
      to_char(d.sent_at AT TIME ZONE ${zone}::text, 'YYYY-MM-DD HH24:MI') AS "sentAt"
    FROM timesheet.portal_digests(${token}::text) AS d ORDER BY d.week DESC, d.sent_at DESC, d.delivery DESC
    LIMIT ${maxDigests}`;
}

export async function getDigest(
  sql: Sql,
  { token, groups }: Visit,
  id: number,
): Promise<(Digest & { html: string | null }) | null> {
  const zone = groups[0]?.timeZone ?? "UTC";
  const [row] = await sql<(Digest & { html: string | null })[]>`
    SELECT d.delivery AS id, d.week::text AS week, d.subject, d.html,
      to_char(d.sent_at AT TIME ZONE ${zone}::text, 'YYYY-MM-DD HH24:MI') AS "sentAt"
    FROM timesheet.portal_digests(${token}::text) AS d WHERE d.delivery = ${id}`;
  return row ?? null;
}
