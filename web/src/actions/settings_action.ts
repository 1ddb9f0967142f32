// The settings, and what a change of them does in numbers.
import type { Sql } from "@/data/database";
import { type Action, counted, Refusal, type Values } from "./action";
import { settingName, settingRemedy, settingText, settingValue } from "./setting_names";

/** Each setting as text; null is "". */
async function settingsOf(sql: Sql): Promise<[string, string][]> {
  return (
    await sql<{ name: string; value: string }[]>`
      SELECT e.key AS name, coalesce(e.value, '') AS value FROM timesheet.settings AS s
      CROSS JOIN LATERAL jsonb_each_text(to_jsonb(s) - 'singleton') AS e ORDER BY e.key`
  ).map((row) => [row.name, row.value]);
}

/** Refuses what is none of a list's values, and a length of time without its unit, which would be seconds. */
function requireValue(name: string, text: string | null): void {
  const { choices, length, label, empty } = settingName(name);
  if (text === null) {
    if (empty === undefined) throw new Refusal(`“${label}” cannot be empty. ${settingRemedy(name)}`);
  } else if (choices && !choices.some((each) => each.value === text)) throw new Refusal(settingRemedy(name));
  else if (length === "hours" && /^[\d.]+$/.test(text)) throw new Refusal(settingRemedy(name));
  else if (length === "days") {
    const days = /^(\d{1,5}) days?$/.exec(text)?.[1];
    if (days === undefined || Number(days) < 1 || Number(days) > 36_500) throw new Refusal(settingRemedy(name));
  }
}

type Counts = { agents: number; entries: number; byWeek: number; byZone: number };

/** How much is counted again, by the names of what changes. */
async function recountOf(sql: Sql, names: readonly string[]): Promise<string[]> {
  const recounts = new Set(names.map((name) => settingName(name).recounts));
  if (recounts.has(null)) return []; // a setting of a later release
  if ([...recounts].every((each) => each === "nothing")) return ["No hours change."];
  const [counts] = await sql<Counts[]>`
    SELECT (SELECT count(*)::int FROM timesheet.agents) AS agents,
      (SELECT count(*)::int FROM timesheet.time_entries AS e WHERE e.deleted_at IS NULL) AS entries,
      count(*) FILTER (WHERE g.week_starts_on IS NULL)::int AS "byWeek",
      count(*) FILTER (WHERE g.time_zone IS NULL)::int AS "byZone"
    FROM timesheet.client_groups AS g`;
  if (!counts) return [];
  const { agents, entries, byWeek, byZone } = counts;
  const everybody =
    `${counted(agents, "agent", "agents")} with ${counted(entries, "time entry", "time entries")} ` +
    `${agents === 1 ? "is" : "are"} counted again.`;
  const clients = (count: number) => counted(count, "client", "clients");
  return [
    recounts.has("hours")
      ? `Hours of ${everybody} Hours of earlier weeks may change; sent digests stay as sent.`
      : recounts.has("notes")
        ? `No hours change. Notes of ${everybody}`
        : "No hours change.",
    ...(names.includes("week_starts_on")
      ? [`Weeks of ${clients(byWeek)} without a first day of their own begin on the new day.`]
      : []),
    ...(names.includes("default_time_zone")
      ? [`Reports of ${clients(byZone)} without a time zone of their own are in the new one.`]
      : []),
  ];
}

/** What becomes of payloads: by the rule of timesheet.expire_payloads(). */
async function payloadsOf(sql: Sql, keep: string | null): Promise<string[]> {
  if (keep === null) return ["No more payloads will be reduced. What was reduced already stays so."];
  const [row] = await sql<{ older: number }[]>`
    SELECT count(*)::int AS older FROM timesheet.raw_events AS r
    WHERE r.reduced_at IS NULL AND r.fetched_at < now() - ${keep}::text::interval
      AND r.resource IN ('TimeEntries', 'HourEntries', 'People', 'TimeTrackingPeople')`;
  const older = row?.older ?? 0;
  return [
    `${counted(older, "payload", "payloads")} that ${older === 1 ? "was" : "were"} read more than ${keep} ago ` +
      "will be reduced to what hours are made of, by the next runs: notes, places and devices are removed. Later " +
      "ones follow when they are as old. This cannot be undone.",
  ];
}

/** What becomes of clients' links to the portal. */
async function linksOf(sql: Sql, then: string | null, now: string): Promise<string[]> {
  const [days, before] = [Number(then), Number(now)];
  if (!Number.isInteger(days)) return []; // which the database does not accept
  const [row] = await sql<{ live: number }[]>`
    SELECT coalesce(sum(p.live_links), 0)::int AS live FROM timesheet.portal_openings AS p`;
  const [live, work] = [row?.live ?? 0, row?.live === 1 ? "works" : "work"];
  const links = `${counted(live, "link", "links")} to the clients' portal ${work} now`;
  if (days === 0) return [`${links}. All end at once, permanently, and the portal is closed.`];
  return days < before
    ? [`${links}. Those that were sent more than ${counted(days, "day", "days")} ago end at once, permanently.`]
    : [`${links}, and will work longer. Links that have ended stay so.`];
}

function fieldsOf(settings: readonly [string, string][], values: Values) {
  return settings.map(([name, value]) => {
    const { label, hint, choices } = settingName(name);
    return {
      name,
      label,
      hint,
      choices,
      kind: choices ? ("choice" as const) : ("text" as const),
      value: values[name] ?? value,
      now: value,
    };
  });
}

export const updateSettings: Action = {
  title: "Settings",
  about:
    "They hold for all clients and agents without values of their own. Hours that a change concerns are counted again.",
  fields: async (sql, values) => fieldsOf(await settingsOf(sql), values),
  async ask(sql, values) {
    // An address with some settings alone changes those; the form has all, and leaves empty ones out.
    const isWhole = values.was !== undefined;
    const given = (name: string) => settingValue(name, values[name] ?? "") || null;
    const changed = (await settingsOf(sql)).filter(
      ([name, value]) =>
        (isWhole || values[name] !== undefined) &&
        // A time with and without its seconds is the same.
        settingText(name, given(name) ?? "") !== settingText(name, value),
    );
    if (changed.length === 0) throw new Refusal("Nothing was changed: change at least one setting.");
    const names = changed.map(([name]) => name);
    for (const name of names) requireValue(name, given(name));
    const changes = Object.fromEntries(names.map((name) => [name, given(name)]));
    const seen = Object.fromEntries(changed.map(([name, value]) => [name, value || null]));
    return {
      will: [
        `${counted(changed.length, "setting", "settings")} will be changed.`,
        ...(await recountOf(sql, names)),
        ...(names.includes("keep_payloads") ? await payloadsOf(sql, given("keep_payloads")) : []),
        ...(names.includes("portal_link_days")
          ? await linksOf(sql, given("portal_link_days"), seen.portal_link_days ?? "")
          : []),
      ],
      facts: changed.map(([name, value]) => ({
        name: settingName(name).label,
        now: settingText(name, value),
        then: settingText(name, given(name) ?? ""),
      })),
      button: "Change settings",
      seen,
      carryOut: async (db, actor, request) => {
        await db`SELECT timesheet.operate_update_settings(${actor}::text, ${JSON.stringify(changes)}::text::jsonb,
          ${JSON.stringify(seen)}::text::jsonb, ${request}::text::uuid)`;
        return null;
      },
    };
  },
};
