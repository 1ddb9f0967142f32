// What changes how hours are counted: a client's zone and week, working zones and day cut-offs, an agent's client, and
// taking such a correction back.
import type { Sql } from "@/data/database";
import { getCorrection } from "@/data/staff_log";
import { longDay } from "@/range/days";
import { type Action, counted, dayOf, type Field, numberOf, Refusal, resultOf, textOf } from "./action";
import { agentField, agentOf, clientField, clientOf, knownZone, zoneField } from "./people";

const weekdays = ["", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
export const weekdayName = (number: string | null) =>
  number === null ? "as in Settings" : (weekdays[Number(number)] ?? "");

/** What a client has of its own now; null is what Settings have. */
async function ownOf(sql: Sql, id: number) {
  const [row] = await sql<{ zone: string | null; week: string | null; entries: number; digests: number }[]>`
    SELECT g.time_zone AS zone, g.week_starts_on::text AS week,
      (SELECT count(*)::int FROM timesheet.time_entries AS e
       WHERE e.client_group_id = g.client_group_id AND e.deleted_at IS NULL) AS entries,
      (SELECT count(DISTINCT h.delivery_id)::int FROM timesheet.digest_hours AS h
       JOIN timesheet.digests AS d USING (delivery_id)
       WHERE h.client_group_id = g.client_group_id AND NOT h.is_correction AND d.state = 'sent') AS digests
    FROM timesheet.client_groups AS g WHERE g.client_group_id = ${id}`;
  if (!row) throw new Refusal(`There is no client ${id}. Choose one of the list.`);
  return row;
}

const setClientGroup: Action = {
  title: "Set a client's time zone and week",
  about: "The zone in which a client's reports show days, and the day on which its week begins.",
  async fields(sql, values) {
    const own = values.client ? await ownOf(sql, numberOf(values, "client", "a client")) : null;
    const zone = await zoneField(sql, values.zone ?? own?.zone ?? undefined, "Empty: the one of Settings.");
    return [
      await clientField(sql, values, true),
      { ...zone, now: own ? (own.zone ?? "") : undefined },
      {
        name: "week",
        label: "Week begins on",
        kind: "choice",
        value: values.week ?? own?.week ?? "",
        now: own ? (own.week ?? "") : undefined,
        choices: weekdays.map((label, n) => ({ value: n === 0 ? "" : String(n), label: label || "as in Settings" })),
      },
    ];
  },
  async ask(sql, values) {
    const client = await clientOf(sql, values);
    const own = await ownOf(sql, client.id);
    const zone = values.zone?.trim() ? await knownZone(sql, values.zone.trim()) : null;
    const week = values.week ?? null;
    if (week !== null && !/^[1-7]$/.test(week)) throw new Refusal("Choose a day on which the week begins.");
    if (zone === own.zone && week === own.week)
      throw new Refusal(`${client.name} has these already: change the time zone, the first day of the week, or both.`);
    return {
      will: [
        `Reports of ${client.name}, with ${counted(own.entries, "time entry", "time entries")} so far, will be shown ` +
          "with the new zone and week. No entry's hours change.",
        `${counted(own.digests, "sent digest", "sent digests")} with its hours will stay as sent.`,
      ],
      facts: [
        { name: "Time zone", now: own.zone ?? "as in Settings", then: zone ?? "as in Settings" },
        { name: "Week begins on", now: weekdayName(own.week), then: weekdayName(week) },
      ],
      button: "Change it",
      seen: [own.zone, own.week],
      subject: { client_group: client.id },
      carryOut: async (db, actor, request) => {
        await db`SELECT timesheet.operate_set_client_group(${actor}::text, ${String(client.id)}::text::int,
          ${zone}::text, ${week}::text::int, ${request}::text::uuid)`;
        return null;
      },
    };
  },
};

/** A time of day as PostgreSQL takes it; null if the field is empty. */
function timeOf(text: string | undefined): string | null {
  const given = text?.trim();
  if (!given) return null;
  if (!/^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?$/.test(given))
    throw new Refusal(`“${given.slice(0, 40)}” is no time of day from 00:00 to 23:59.`);
  return given;
}

const setWorkingTime: Action = {
  title: "Set a working zone or day cut-off",
  about:
    "For one agent or for all agents of a client, from a workday on. A later one for the same day takes precedence.",
  async fields(sql, values) {
    return [
      { ...(await agentField(sql, values, false)), hint: "Choose either an agent or a client." },
      await clientField(sql, values, false, "or all agents of the client"),
      { name: "since", label: "From workday", kind: "date", isRequired: true, value: values.since },
      await zoneField(sql, values.zone, "Empty: stays as it is."),
      {
        name: "cutoff",
        label: "A day ends at",
        kind: "time",
        value: values.cutoff,
        hint: "Local time. What begins before it belongs to the day before. Empty: stays as it is.",
      },
    ];
  },
  async ask(sql, values) {
    if (Boolean(values.agent) === Boolean(values.client))
      throw new Refusal("Choose either an agent or a client, not both.");
    const whom = values.agent ? await agentOf(sql, values) : await clientOf(sql, values);
    const since = dayOf(values, "since", "the first workday");
    const zone = values.zone?.trim() ? await knownZone(sql, values.zone.trim()) : null;
    const cutoff = timeOf(values.cutoff);
    if (zone === null && cutoff === null) throw new Refusal("Enter a time zone, a time at which a day ends, or both.");
    const [agent, client] = values.agent ? [whom.id, null] : [null, whom.id];
    return {
      will: [
        `From ${longDay(since)} on, for ${values.agent ? whom.name : `all agents of ${whom.name}`}: ` +
          [
            zone && `the working zone is ${zone}${values.agent ? ` (now ${whom.timeZone})` : ""}`,
            cutoff && `a day ends at ${cutoff}`,
          ]
            .filter(Boolean)
            .join(", and ") +
          ".",
      ],
      facts: [],
      button: "Set it",
      seen: await newestCorrection(sql),
      preview: {
        kind: "set_working_time",
        arguments: { since, for_agent: agent, for_client_group: client, time_zone: zone, day_cutoff: cutoff },
      },
      carryOut: async (db, actor, request) =>
        resultOf(
          await db<{ result: number }[]>`SELECT timesheet.operate_set_working_time(${actor}::text,
            ${since}::text::date, ${agent === null ? null : String(agent)}::text::int,
            ${client === null ? null : String(client)}::text::int, ${zone}::text, ${cutoff}::text::time,
            ${request}::text::uuid) AS result`,
        ),
    };
  },
};

/** Whether a correction was made or taken back changes what another one does. */
async function newestCorrection(sql: Sql): Promise<unknown> {
  const [row] = await sql<{ newest: string | null; revoked: number }[]>`
    SELECT max(c.correction_id)::text AS newest, count(c.revoked_at)::int AS revoked FROM timesheet.corrections AS c`;
  return row;
}

/** The instant of a local time; refused where clocks go forward over it. */
async function instantOf(sql: Sql, day: string, time: string, zone: string): Promise<string> {
  const [row] = await sql<{ at: string; isReal: boolean }[]>`
    SELECT to_char(t.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS at,
      t.at AT TIME ZONE ${zone}::text = t.local AS "isReal"
    FROM (SELECT l.local, l.local AT TIME ZONE ${zone}::text AS at
      FROM (SELECT ${`${day} ${time}`}::text::timestamp AS local) AS l) AS t`;
  if (!row?.isReal)
    throw new Refusal(
      `${time} does not exist on ${longDay(day)} in ${zone}, as clocks go forward. Enter another time.`,
    );
  return row.at;
}

const assign: Action = {
  title: "Move an agent to another client",
  about: "Corrects for which client an agent works from an instant on, until Jibble shows a later change.",
  async fields(sql, values) {
    const agent = values.agent ? await agentOf(sql, values) : null;
    return [
      await agentField(sql, values, true),
      await clientField(sql, values, true, "New client"),
      { name: "since", label: "From", kind: "date", isRequired: true, value: values.since },
      { name: "time", label: "at", kind: "time", isRequired: true, value: values.time ?? "00:00" },
      {
        ...(await zoneField(sql, values.zone ?? agent?.timeZone, "In which the date and the time are meant.")),
        isRequired: true,
      },
    ];
  },
  async ask(sql, values) {
    const [agent, client] = [await agentOf(sql, values), await clientOf(sql, values)];
    const day = dayOf(values, "since", "the date from which it counts");
    const time = timeOf(textOf(values, "time", "the time from which it counts")) ?? "";
    const zone = await knownZone(sql, textOf(values, "zone", "the time zone"));
    const since = await instantOf(sql, day, time, zone);
    const [row] = await sql<{ client: string }[]>`
      SELECT l.label AS client FROM timesheet.agents AS a
      JOIN timesheet.client_group_labels AS l ON l.key = coalesce(a.client_group_id, 0) WHERE a.agent_id = ${agent.id}`;
    return {
      will: [`${agent.name} works for ${client.name} from ${longDay(day)}, ${time} (${zone}) on:`],
      facts: [{ name: "Client", now: row?.client ?? null, then: client.name }],
      button: "Move the agent",
      seen: await newestCorrection(sql),
      preview: {
        kind: "assign_client_group",
        arguments: { since, for_agent: agent.id, for_client_group: client.id },
      },
      carryOut: async (db, actor, request) =>
        resultOf(
          await db<{ result: number }[]>`SELECT timesheet.operate_assign_client_group(${actor}::text,
            ${String(agent.id)}::text::int, ${String(client.id)}::text::int, ${since}::text::timestamptz,
            ${request}::text::uuid) AS result`,
        ),
    };
  },
};

const revoke: Action = {
  title: "Take a correction back",
  about: "Hours are then as if the correction had not been made. It stays in the list.",
  fields: async (_, values): Promise<Field[]> => [
    { name: "correction", label: "Number of the correction", kind: "text", isRequired: true, value: values.correction },
  ],
  async ask(sql, values) {
    const id = numberOf(values, "correction", "a correction");
    const found = await getCorrection(sql, id);
    if (!found) throw new Refusal(`There is no correction ${id}. Choose one of the list of corrections.`);
    if (found.revokedAt)
      throw new Refusal(`Correction ${id} was taken back already. Make it again as a new one if it is to count.`);
    return {
      will: [`Correction ${id} will no longer count: ${found.what}.`],
      facts: [],
      button: "Take it back",
      seen: await newestCorrection(sql),
      preview: { kind: "revoke_correction", arguments: { correction: id } },
      carryOut: async (db, actor, request) =>
        resultOf(
          await db<{ result: number }[]>`SELECT timesheet.operate_revoke_correction(${actor}::text,
            ${String(id)}::text::bigint, ${request}::text::uuid) AS result`,
        ),
    };
  },
};

/** Named after their functions, without operate_. */
export const correctionActions = {
  set_client_group: setClientGroup,
  set_working_time: setWorkingTime,
  assign_client_group: assign,
  revoke_correction: revoke,
} satisfies Record<string, Action>;
