import { configuration } from "@/config/configuration";
import type { Sql } from "./database";

/** When an agent was last seen before some days and next after them, by live entries, in the agent's zone of then. */
export type Seen = {
  last: string | null;
  lastZone: string | null;
  next: string | null;
  nextZone: string | null;
  /** The agent's own day now. */
  today: string;
};

/** An entry lies at most two days before its workday and three after it, which bounds the search by time. */
export async function getSeen(sql: Sql, agentId: number, day: string, until: string): Promise<Seen> {
  const found = (isBefore: boolean) => sql`
    SELECT to_char(e.start_time_utc AT TIME ZONE z.zone, 'YYYY-MM-DD HH24:MI') AS at,
      timesheet.time_zone_label(z.zone) AS zone
    FROM timesheet.time_entries AS e
    JOIN timesheet.client_group_names AS d ON d.key = 0
    CROSS JOIN LATERAL (SELECT coalesce(timesheet.usable_time_zone(e.time_zone), d.time_zone) AS zone OFFSET 0) AS z
    WHERE e.agent_id = ${agentId} AND e.deleted_at IS NULL AND e.kind < 3 AND ${
      isBefore
        ? sql`e.workday < ${day}::text::date
            AND e.start_time_utc < (${day}::text::date + 4)::timestamp AT TIME ZONE 'UTC'`
        : sql`e.workday >= ${until}::text::date
            AND e.start_time_utc >= (${until}::text::date - 2)::timestamp AT TIME ZONE 'UTC'`
    }
    ORDER BY e.start_time_utc ${isBefore ? sql`DESC` : sql``} LIMIT 1`;
  const [row] = await sql<Seen[]>`
    SELECT b.at AS last, b.zone AS "lastZone", a.at AS next, a.zone AS "nextZone",
      (coalesce(${configuration().now}::text::timestamptz, now()) AT TIME ZONE coalesce(n.time_zone, d.time_zone))::date
        ::text AS today
    FROM timesheet.agent_names AS n JOIN timesheet.client_group_names AS d ON d.key = 0
    LEFT JOIN LATERAL (${found(true)}) AS b ON true
    LEFT JOIN LATERAL (${found(false)}) AS a ON true
    WHERE n.agent_id = ${agentId}`;
  return row ?? { last: null, lastZone: null, next: null, nextZone: null, today: day };
}
