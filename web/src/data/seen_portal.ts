// What the clients' portal shows to a contact, for a person of staff who asked for it (the action view_portal). The
// portal's own functions have the same bodies, so that nothing here can differ from what the contact sees.
import type { Range } from "@/range/range";
import type { Sql } from "./database";
import type { Hundredths } from "./rounded";
import { officeTime } from "./time";

/** A record of view_portal. Times are the office's. */
export type Look = {
  email: string;
  actor: string;
  at: string;
  /** It is shown for an hour. */
  isOver: boolean;
  /** Null if there is no such contact any more. */
  contactId: number | null;
  /** Why it sees nothing at present, with whatever link; null if a link that works shows something. */
  nothingBecause: string | null;
  liveLinks: number;
  validUntil: string | null;
};

export async function getLook(sql: Sql, request: string): Promise<Look | null> {
  const [row] = await sql<Look[]>`
    SELECT o.arguments ->> 'email' AS email, o.actor, ${officeTime(sql, sql`o.at`)} AS at,
      o.at < now() - interval '1 hour' AS "isOver", p.contact_id AS "contactId",
      p.shows_nothing_because AS "nothingBecause",
      coalesce(p.live_links, 0)::int AS "liveLinks", ${officeTime(sql, sql`p.valid_until`)} AS "validUntil"
    FROM timesheet.operator_actions AS o
    LEFT JOIN timesheet.portal_openings AS p ON p.email = lower(o.arguments ->> 'email')
    WHERE o.request = ${request}::text::uuid AND o.action = 'view_portal'`;
  return row ?? null;
}

/** An agent's week for a client. */
export type SeenWeek = {
  key: string;
  week: string;
  client: string;
  agent: string;
  hours: Hundredths;
  unconfirmed: Hundredths;
  breaks: Hundredths;
};

/** A number of hours in hundredths; the functions have rounded it. */
const hundredths = (sql: Sql, hours: ReturnType<Sql>) => sql`round(sum(${hours}) * 100)::bigint`;

export async function getSeenWeeks(sql: Sql, contact: number, range: Range): Promise<SeenWeek[]> {
  return sql<SeenWeek[]>`
    SELECT concat_ws(' ', w.week_start, w.client_group_id, w.agent_id) AS key, w.week_start::text AS week,
      w.client_group AS client, w.agent, ${hundredths(sql, sql`w.hours`)} AS hours,
      ${hundredths(sql, sql`w.unconfirmed_hours`)} AS unconfirmed, ${hundredths(sql, sql`w.break_hours`)} AS breaks
    FROM timesheet.contact_weekly(${contact}, ${range.since}::text::date, ${range.until}::text::date) AS w
    GROUP BY w.week_start, w.client_group_id, w.client_group, w.agent_id, w.agent
    ORDER BY w.week_start DESC, w.client_group, w.agent, w.client_group_id, w.agent_id`;
}

/** What an agent did on a day for a client. */
export type SeenDay = {
  key: string;
  workday: string;
  client: string;
  agent: string;
  activity: string;
  hours: Hundredths;
  unconfirmed: Hundredths;
  breaks: Hundredths;
};

export async function getSeenDays(sql: Sql, contact: number, range: Range): Promise<SeenDay[]> {
  return sql<SeenDay[]>`
    SELECT concat_ws(' ', d.workday, d.client_group_id, d.agent_id, coalesce(d.activity_id, 0)) AS key,
      d.workday::text AS workday, d.client_group AS client, d.agent, d.activity,
      ${hundredths(sql, sql`d.hours`)} AS hours, ${hundredths(sql, sql`d.unconfirmed_hours`)} AS unconfirmed,
      ${hundredths(sql, sql`d.break_hours`)} AS breaks
    FROM timesheet.contact_daily(${contact}, ${range.since}::text::date, ${range.until}::text::date) AS d
    GROUP BY d.workday, d.client_group_id, d.client_group, d.agent_id, d.agent, d.activity_id, d.activity
    ORDER BY d.workday, d.client_group, d.agent, d.activity, d.client_group_id, d.agent_id, d.activity_id`;
}

/** When an agent came and went, by the client's clock and the agent's. */
export type SeenTimes = {
  key: string;
  workday: string;
  agent: string;
  clients: string;
  inClient: string | null;
  outClient: string | null;
  clientZone: string;
  inAgent: string | null;
  outAgent: string | null;
  agentZone: string;
};

export async function getSeenTimes(sql: Sql, contact: number, range: Range): Promise<SeenTimes[]> {
  const local = (time: ReturnType<Sql>) => sql`to_char(${time}, 'YYYY-MM-DD HH24:MI')`;
  return sql<SeenTimes[]>`
    SELECT concat_ws(' ', a.workday, a.agent_id) AS key, a.workday::text AS workday, a.agent,
      array_to_string(a.client_groups, ', ') AS clients,
      ${local(sql`a.clock_in_client`)} AS "inClient", ${local(sql`a.clock_out_client`)} AS "outClient",
      timesheet.time_zone_label(a.client_group_time_zone) AS "clientZone",
      ${local(sql`a.clock_in_local`)} AS "inAgent", ${local(sql`a.clock_out_local`)} AS "outAgent",
      timesheet.time_zone_label(a.time_zone) AS "agentZone"
    FROM timesheet.contact_attendance(${contact}, ${range.since}::text::date, ${range.until}::text::date) AS a
    ORDER BY a.workday, a.agent, a.agent_id`;
}

/** A note, or a correction of a week that was sent. */
export type SeenNote = {
  key: string;
  workday: string;
  agent: string;
  client: string;
  code: string;
  at: string | null;
  detail: string;
};

export async function getSeenNotes(sql: Sql, contact: number, range: Range): Promise<SeenNote[]> {
  return sql<SeenNote[]>`
    SELECT row_number() OVER (ORDER BY n.workday, n.agent, n.client_group, n.at, n.code, n.detail)::int::text AS key,
      n.workday::text AS workday, n.agent, n.client_group AS client, n.code, ${officeTime(sql, sql`n.at`)} AS at,
      n.detail
    FROM timesheet.contact_portal_notes(${contact}, ${range.since}::text::date, ${range.until}::text::date) AS n
    ORDER BY n.workday, n.agent, n.client_group, n.at, n.code, n.detail`;
}

export type SeenDigest = { id: number; week: string; sentAt: string; subject: string; hasHtml: boolean };

export async function getSeenDigests(sql: Sql, contact: number): Promise<SeenDigest[]> {
  return sql<SeenDigest[]>`
    SELECT d.delivery AS id, d.week::text AS week, ${officeTime(sql, sql`d.sent_at`)} AS "sentAt", d.subject,
      d.html IS NOT NULL AS "hasHtml"
    FROM timesheet.contact_digests(${contact}) AS d ORDER BY d.sent_at DESC, d.delivery DESC`;
}

/** Of the newest without a number. */
export async function getSeenDigestHtml(sql: Sql, contact: number, delivery: number | null): Promise<string | null> {
  const [row] = await sql<{ html: string | null }[]>`
    SELECT d.html FROM timesheet.contact_digests(${contact}) AS d
    ${delivery === null ? sql`` : sql`WHERE d.delivery = ${delivery}`}
    ORDER BY d.sent_at DESC, d.delivery DESC LIMIT 1`;
  return row?.html ?? null;
}
