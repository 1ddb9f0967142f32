import type { Sql } from "./database";

/** A client, an agent or an activity, by its key on the dashboard. */
export type Named = {
  kind: "client" | "agent" | "activity";
  key: number;
  name: string;
  code: string | null;
  email: string | null;
  status: string | null;
  /** Names in earlier versions from Jibble, the newest first. */
  former: string[];
};

type Version = { kind: Named["kind"]; key: number; name: string };

/** As timesheet.clean_text() has it: one line, without what cannot be seen. */
function clean(text: string): string {
  return text
    .replace(/\p{Cf}/gu, "")
    .replace(/[\s\p{Cc}]+/gu, " ")
    .trim()
    .normalize("NFC");
}

/** The names that stored versions have. A payload with what PostgreSQL cannot unescape is left out. */
async function getVersions(sql: Sql): Promise<Version[]> {
  const named = (member: string) => sql`
    CASE WHEN json_typeof(r.payload) = 'object' AND r.payload::text !~ '\\\\u(0000|[dD][89a-fA-F])'
      THEN r.payload ->> ${member}::text END`;
  return sql<Version[]>`
    SELECT v.kind, v.key, v.name
    FROM (
      SELECT 'client' AS kind, g.client_group_id AS key, ${named("name")} AS name, r.raw_event_id
      FROM timesheet.client_groups AS g
      JOIN timesheet.raw_events AS r ON r.jibble_id = g.jibble_id AND r.resource = 'Groups'
      UNION ALL
      SELECT 'agent', a.agent_id, ${named("fullName")}, r.raw_event_id
      FROM timesheet.agents AS a
      JOIN timesheet.raw_events AS r ON r.jibble_id = a.jibble_id AND r.resource = 'People'
      UNION ALL
      SELECT 'activity', v.activity_id, ${named("name")}, r.raw_event_id
      FROM timesheet.activities AS v
      JOIN timesheet.raw_events AS r ON r.jibble_id = v.jibble_id AND r.resource = 'Activities'
    ) AS v
    WHERE v.name IS NOT NULL
    GROUP BY v.kind, v.key, v.name ORDER BY max(v.raw_event_id) DESC`;
}

export async function getNames(sql: Sql): Promise<Named[]> {
  const [rows, versions] = await Promise.all([
    sql<(Omit<Named, "former"> & { ownName: string | null })[]>`
      SELECT 'client' AS kind, l.key, l.label AS name, n.code, NULL AS email, g.status, g.name AS "ownName"
      FROM timesheet.client_group_labels AS l
      JOIN timesheet.client_group_names AS n ON n.key = l.key
      LEFT JOIN timesheet.client_groups AS g ON g.client_group_id = l.key
      UNION ALL
      SELECT 'agent', a.agent_id, l.label, a.code, a.email, a.status, a.full_name
      FROM timesheet.agents AS a JOIN timesheet.agent_labels AS l ON l.agent_id = a.agent_id
      UNION ALL
      SELECT 'activity', l.key, l.label, n.code, NULL, v.status, v.name
      FROM timesheet.activity_labels AS l
      JOIN timesheet.activity_names AS n ON n.key = l.key
      LEFT JOIN timesheet.activities AS v ON v.activity_id = l.key`,
    getVersions(sql),
  ]);
  const former = Map.groupBy(versions, (version) => `${version.kind} ${version.key}`);
  return rows.map(({ ownName, ...row }) => {
    const names = new Set((former.get(`${row.kind} ${row.key}`) ?? []).map((version) => clean(version.name)));
    names.delete("");
    if (ownName !== null) names.delete(ownName);
    return { ...row, former: [...names] };
  });
}
