import type { Sql } from "@/data/database";
import type { Visit } from "./visit";
import { daysAround, mondayOfDay } from "./weeks";

/** What a client should know of a day. `at` is by the client's clock, as 2026-11-17 09:03; null for a whole day. */
export type Note = {
  week: string;
  day: string;
  group: string;
  agent: string;
  code: string;
  at: string | null;
  detail: string;
};

/** The code of a day whose hours changed after they were sent. */
const corrected = "corrected";

/** The notes of the weeks from first to last, and apart from them what changed after it was sent. */
export async function getNotes(
  sql: Sql,
  { token, groups }: Visit,
  first: string,
  last: string,
): Promise<{ notes: Note[]; corrections: Note[] }> {
  const { since, until } = daysAround(first, last);
  const rows = await sql<Omit<Note, "week">[]>`
    SELECT n.workday::text AS day, n.client_group AS group, n.agent, n.code, n.detail,
      to_char(n.at AT TIME ZONE coalesce((SELECT z.time_zone FROM timesheet.portal_session(${token}::text) AS z
        WHERE z.client_group = n.client_group LIMIT 1), 'UTC'), 'YYYY-MM-DD HH24:MI') AS at
    FROM timesheet.portal_notes(${token}::text, ${since}::text::date, ${until}::text::date) AS n
    ORDER BY n.workday DESC, n.at DESC NULLS LAST, n.agent, n.code`;
  const begins = new Map(groups.map((group) => [group.name, group.weekStartsOn]));
  const notes = rows
    .map((row) => ({ week: mondayOfDay(row.day, begins.get(row.group) ?? 1), ...row }))
    .filter(({ week }) => week >= first && week <= last);
  return {
    notes: notes.filter((note) => note.code !== corrected),
    corrections: notes.filter((note) => note.code === corrected),
  };
}
