// Who is looking. Every read of the portal's data goes through here: the token of the cookie is asked about first, and
// without a valid one the answer leads to the page that offers a fresh link.
import { cookies } from "next/headers";
import { notFound, redirect } from "next/navigation";
import { configuration } from "@/config/configuration";
import { serves } from "@/config/parts";
import { portal } from "@/config/portal";
import type { Sql, TimeLimits } from "@/data/database";
import type { Lane } from "@/data/gate";
import { tokenCookie, tokenOf } from "./cookie";
import { formDatabase, portalDatabase } from "./database";
import { linkPath } from "./door";
import { shared } from "./shared";

/** A client group of the person's. Times are its own, as 2026-11-23 03:05. */
export type Group = {
  id: number;
  name: string;
  timeZone: string;
  weekStartsOn: number;
  /** Until when its hours are known; null before anything was read. */
  asOf: string | null;
  today: string;
};

export type Visit = { token: string; groups: readonly Group[] };

/** In the demo, the instant whose day counts as today. */
function demoNow(): string | null {
  return serves("dashboard") ? configuration().now : null;
}

async function getGroups(sql: Sql, token: string): Promise<Group[]> {
  return sql<Group[]>`
    SELECT s.client_group_id AS id, s.client_group AS name, s.time_zone AS "timeZone",
      s.week_starts_on AS "weekStartsOn", to_char(s.as_of AT TIME ZONE s.time_zone, 'YYYY-MM-DD HH24:MI') AS "asOf",
      (coalesce(${demoNow()}::text::timestamptz, now()) AT TIME ZONE s.time_zone)::date::text AS today
    FROM timesheet.portal_session(${token}::text) AS s ORDER BY s.client_group, s.client_group_id`;
}

/** Many may open their links in the same minute, after the e-mails were sent: they wait for each other. */
const limits: TimeLimits = { queued: 25_000, total: 30_000 };

/** Reads for the person who is looking, all from one snapshot; `what` is what is read. */
export async function visit<T>(
  what: string,
  query: (sql: Sql, visit: Visit) => Promise<T>,
  lane: Lane = "page",
): Promise<{ visit: Visit; data: T }> {
  const token = tokenOf((await cookies()).get(tokenCookie)?.value);
  if (portal() === null) notFound();
  if (token === null) redirect(linkPath);
  const found = await shared(`${token} ${lane} ${what}`, lane, () =>
    portalDatabase().transaction(
      "isolation level repeatable read read only",
      async (sql) => {
        const groups = await getGroups(sql, token);
        if (groups.length === 0) return null;
        const visit = { token, groups };
        return { visit, data: await query(sql, visit) };
      },
      { lane, limits },
    ),
  );
  return found ?? redirect(linkPath);
}

/** Counts an opening. That it could not be counted is no reason to show nothing. */
export async function countOpening(token: string): Promise<void> {
  try {
    await portalDatabase().transaction("read write", (sql) => sql`SELECT timesheet.portal_opened(${token}::text)`, {
      limits,
    });
  } catch (error) {
    console.error("an opening of the portal was not counted:", error instanceof Error ? error.message : error);
  }
}

const formLimits: TimeLimits = { queued: 2000, total: 4000 };
/** A flood of requests, of which most are lost, is said once in this time. */
const quietMilliseconds = 60_000;
let saidAt = -Infinity;

/** Stores that a fresh link was asked for. The answer does not say if it could not be stored: they can ask again. */
export async function requestLink(address: string): Promise<void> {
  try {
    await formDatabase().transaction(
      "read write",
      (sql) => sql`SELECT timesheet.portal_request_link(${address}::text)`,
      { limits: formLimits },
    );
  } catch (error) {
    if (performance.now() < saidAt + quietMilliseconds) return;
    saidAt = performance.now();
    console.error(
      "requests for a fresh link to the portal were not stored:",
      error instanceof Error ? error.message : error,
    );
  }
}
