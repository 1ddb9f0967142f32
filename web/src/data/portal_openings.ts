// The clients' portal as staff see it: which contacts have links, and whether they opened them.
import type { Sql } from "./database";
import { officeTime } from "./time";

/** Times are the office's. */
export type PortalOpening = {
  contactId: number;
  email: string;
  /** Sent so far, and those of them that work now. */
  links: number;
  liveLinks: number;
  lastSentAt: string | null;
  /** When the last of those that work ends. */
  validUntil: string | null;
  firstOpenedAt: string | null;
  lastOpenedAt: string | null;
  openings: number;
  /** Why the portal shows it nothing at present, with whatever link. */
  nothingBecause: string | null;
};

/** A row for each contact, by its address. */
export async function getPortalOpenings(sql: Sql): Promise<PortalOpening[]> {
  const at = (column: string) => officeTime(sql, sql`p.${sql(column)}`);
  return sql<PortalOpening[]>`
    SELECT p.contact_id AS "contactId", p.email, p.links::int AS links, p.live_links::int AS "liveLinks",
      ${at("last_sent_at")} AS "lastSentAt", ${at("valid_until")} AS "validUntil",
      ${at("first_opened_at")} AS "firstOpenedAt", ${at("last_opened_at")} AS "lastOpenedAt",
      p.openings::int AS openings, p.shows_nothing_because AS "nothingBecause"
    FROM timesheet.portal_openings AS p ORDER BY p.email, p.contact_id`;
}
