// The agents, clients and zones that forms offer.
import type { Sql } from "@/data/database";
import { type Field, numberOf, Refusal, type Values } from "./action";

type Choice = { value: string; label: string };
export type Named = { id: number; name: string; timeZone: string };

const none: Choice = { value: "", label: "–" };

export async function agentField(sql: Sql, values: Values, isRequired: boolean): Promise<Field> {
  const agents = await sql<Choice[]>`
    SELECT a.agent_id::text AS value, l.label FROM timesheet.agents AS a
    JOIN timesheet.agent_labels AS l USING (agent_id) ORDER BY l.label, a.agent_id`;
  return { name: "agent", label: "Agent", kind: "choice", isRequired, value: values.agent, choices: [none, ...agents] };
}

export async function clientField(sql: Sql, values: Values, isRequired: boolean, label = "Client"): Promise<Field> {
  const clients = await sql<Choice[]>`
    SELECT l.key::text AS value, l.label FROM timesheet.client_group_labels AS l WHERE l.key <> 0
    ORDER BY l.label, l.key`;
  return { name: "client", label, kind: "choice", isRequired, value: values.client, choices: [none, ...clients] };
}

export async function zoneField(sql: Sql, value: string | undefined, hint: string): Promise<Field> {
  const zones = await sql<{ value: string; label: string }[]>`
    SELECT z.name AS value, z.name AS label FROM pg_catalog.pg_timezone_names AS z
    WHERE z.name ~ '^[A-Z][A-Za-z]+/[A-Z]' AND z.name !~ '^(Etc|SystemV|US|posix|right)/' ORDER BY z.name`;
  return { name: "zone", label: "Time zone", kind: "zone", value, hint, choices: zones };
}

/** The agent with the zone that it works in now. */
export async function agentOf(sql: Sql, values: Values): Promise<Named> {
  const id = numberOf(values, "agent", "an agent");
  const [found] = await sql<Named[]>`
    SELECT n.agent_id AS id, l.label AS name,
      coalesce(n.time_zone, (SELECT d.time_zone FROM timesheet.client_group_names AS d WHERE d.key = 0)) AS "timeZone"
    FROM timesheet.agent_names AS n JOIN timesheet.agent_labels AS l USING (agent_id) WHERE n.agent_id = ${id}`;
  if (!found) throw new Refusal(`There is no agent ${id}. Choose one of the list.`);
  return found;
}

/** The client with the zone of its reports. */
export async function clientOf(sql: Sql, values: Values): Promise<Named> {
  const id = numberOf(values, "client", "a client");
  const [found] = await sql<Named[]>`
    SELECT g.key AS id, l.label AS name, g.time_zone AS "timeZone"
    FROM timesheet.client_group_names AS g JOIN timesheet.client_group_labels AS l USING (key)
    WHERE g.key = ${id}`;
  if (!found) throw new Refusal(`There is no client ${id}. Choose one of the list.`);
  return found;
}

/** The zone as the server knows it. */
export async function knownZone(sql: Sql, text: string): Promise<string> {
  const [found] = await sql<{ zone: string | null }[]>`
    SELECT timesheet.usable_time_zone(${text}::text) AS zone`;
  if (!found?.zone)
    throw new Refusal(`“${text.slice(0, 60)}” is no time zone that the server knows. Use one such as Asia/Manila.`);
  return found.zone;
}
