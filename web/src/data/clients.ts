import type { Range } from "@/range/range";
import type { Sql } from "./database";
import { type Hours, hasWorked, reportOf, type Seconds, secondsOf } from "./hours";
import { byName, rounded } from "./rounded";

export type ClientHours = Hours & {
  key: number;
  name: string;
  code: string | null;
  timeZone: string;
  agents: number;
  sessions: number;
  incomplete: number;
};

/** Every client group with its hours in the range, including those without any. */
export async function getClientHours(sql: Sql, range: Range): Promise<ClientHours[]> {
  const rows = await sql<(Omit<ClientHours, keyof Hours> & Seconds)[]>`
    SELECT g.key, l.label AS name, g.code, timesheet.time_zone_label(g.time_zone) AS "timeZone", ${secondsOf(sql)},
      count(DISTINCT r.agent_id) FILTER (WHERE ${hasWorked(sql)})::int AS agents,
      coalesce(sum(r.sessions), 0)::int AS sessions, coalesce(sum(r.incomplete_sessions), 0)::int AS incomplete
    FROM timesheet.client_group_names AS g
    JOIN timesheet.client_group_labels AS l ON l.key = g.key
    LEFT JOIN ${reportOf(sql, range)} AS r ON coalesce(r.client_group_id, 0) = g.key
    GROUP BY g.key, l.label, g.code, g.time_zone
    HAVING g.key > 0 OR count(r.agent_id) > 0
    ORDER BY g.key`;
  const [hours = [], unconfirmed = [], breaks = []] = await rounded(
    sql,
    rows.map((r) => r.work),
    rows.map((r) => r.unconfirmed),
    rows.map((r) => r.breaks),
  );
  return byName(
    rows.map((row, n) => ({ ...row, hours: hours[n] ?? 0, unconfirmed: unconfirmed[n] ?? 0, breaks: breaks[n] ?? 0 })),
  );
}
