// Digests: send one again, settle one in doubt, send oneself a preview, subscribe a contact again.
import type { Sql } from "@/data/database";
import { officeTime } from "@/data/time";
import { longDay, timeText, weekStart } from "@/range/days";
import { type Action, dayOf, emailOf, type Field, isTrue, numberOf, Refusal, resultOf, type Values } from "./action";

/** The Monday by which deliveries name a week, and which every first day of the week has in the same one. */
function weekOf(values: Values): string {
  return weekStart(dayOf(values, "week", "a day of the week"), 1);
}

async function contactField(sql: Sql, values: Values): Promise<Field> {
  const contacts = await sql<{ email: string }[]>`
    SELECT email FROM timesheet.digests UNION SELECT email FROM timesheet.digest_weeks ORDER BY email LIMIT 500`;
  return {
    name: "email",
    label: "Contact",
    kind: "email",
    isRequired: true,
    value: values.email,
    hint: "The address, as Airtable lists it.",
    choices: contacts.map(({ email }) => ({ value: email, label: email })),
  };
}

const weekField = (values: Values): Field => ({
  name: "week",
  label: "Week",
  kind: "date",
  isRequired: true,
  value: values.week,
  hint: "Its Monday, or any day up to the Sunday after it.",
});

type Last = {
  id: number;
  revision: number;
  state: string;
  period: string;
  hours: string;
  sentAt: string | null;
};

/** The digests of the contact for the week, the newest first. */
function revisionsOf(sql: Sql, email: string, week: string) {
  return sql<Last[]>`
    SELECT d.delivery_id AS id, d.revision, d.state, d.period, d.hours::text AS hours,
      ${officeTime(sql, sql`d.sent_at`)} AS "sentAt"
    FROM timesheet.digests AS d
    WHERE d.email = ${email} AND d.week = ${week}::text::date ORDER BY d.revision DESC`;
}

/** Refuses what cannot be queued now, as timesheet.resend_digest() would. */
async function requireReady(sql: Sql, email: string, week: string, last: Last | undefined): Promise<void> {
  if (last && ["queued", "sending"].includes(last.state))
    throw new Refusal(`The digest of ${email} for ${last.period} is ${last.state} already: there is nothing to do.`);
  if (last?.state === "in_doubt")
    throw new Refusal(`It is not known whether the last one arrived. Record that first, under Digests.`);
  const [row] = await sql<{ because: string | null }[]>`
    SELECT r.incomplete_because AS because
    FROM (SELECT d.contact_id FROM timesheet.digests AS d WHERE d.email = ${email} LIMIT 1) AS c
    CROSS JOIN LATERAL timesheet.digest_readiness(${week}::text::date, ${week}::text::date + 1, c.contact_id) AS r`;
  if (row?.because)
    throw new Refusal(`The week is not complete: ${row.because}. Its digest is sent automatically once it is.`);
}

const resend: Action = {
  title: "Send a digest again",
  about: "Queues a contact's digest of a week once more, with the numbers of now.",
  fields: async (sql, values) => [await contactField(sql, values), weekField(values)],
  async ask(sql, values) {
    const [email, week] = [emailOf(values), weekOf(values)];
    const revisions = await revisionsOf(sql, email, week);
    const last = revisions[0];
    await requireReady(sql, email, week, last);
    return {
      will: [
        `One e-mail to ${email} will be queued, as revision ${(last?.revision ?? 0) + 1} of ` +
          `${last ? last.period : `the week of ${longDay(week)}`}. The next pass of timesheetd sends it.`,
        revisions.length === 0
          ? "None was queued for this week before."
          : `${revisions.length === 1 ? "1 was" : `${revisions.length} were`} queued for this week before; ` +
            `the last one has ${last?.hours} hours${last?.sentAt ? `, and was sent at ${timeText(last.sentAt)}` : ""}.`,
      ],
      facts: [],
      button: "Send it again",
      seen: [last?.id, last?.state],
      carryOut: async (db, actor, request) =>
        resultOf(
          await db<{ result: number }[]>`SELECT timesheet.operate_resend_digest(${actor}::text, ${email}::text,
            ${week}::text::date, ${request}::text::uuid) AS result`,
        ),
    };
  },
};

const resolve: Action = {
  title: "Record what became of a digest",
  about: "For a digest of which it is not known whether it arrived.",
  fields: async (_, values) => [
    { name: "delivery", label: "Number of the delivery", kind: "text", isRequired: true, value: values.delivery },
    {
      name: "received",
      label: "It",
      kind: "choice",
      isRequired: true,
      value: values.received,
      choices: [
        { value: "true", label: "arrived" },
        { value: "false", label: "did not arrive" },
      ],
    },
  ],
  async ask(sql, values) {
    const [id, wasReceived] = [numberOf(values, "delivery", "a delivery"), isTrue(values, "received")];
    const [found] = await sql<{ email: string; period: string; state: string; attempts: number; at: string | null }[]>`
      SELECT d.email, d.period, d.state, d.attempts, ${officeTime(sql, sql`d.last_attempt_at`)} AS at
      FROM timesheet.digests AS d WHERE d.delivery_id = ${id}`;
    if (!found) throw new Refusal(`There is no delivery ${id}. Choose one under Digests.`);
    if (found.state !== "in_doubt")
      throw new Refusal(
        `The digest to ${found.email} is ${found.state.replace("_", " ")}, no longer in doubt: there is nothing to do.`,
      );
    return {
      will: [
        `1 digest, to ${found.email} for ${found.period}, handed over at ${timeText(found.at)}, will be recorded as ` +
          (wasReceived ? "sent." : "failed. After that it can be sent again."),
      ],
      facts: [{ name: "State", now: "in doubt", then: wasReceived ? "sent" : "failed" }],
      button: wasReceived ? "Record that it arrived" : "Record that it did not arrive",
      seen: [found.state, found.attempts],
      carryOut: async (db, actor, request) => {
        await db`SELECT timesheet.operate_resolve_delivery(${actor}::text, ${String(id)}::text::bigint,
          ${String(wasReceived)}::text::boolean, ${request}::text::uuid)`;
        return null;
      },
    };
  },
};

const preview: Action = {
  title: "Send a preview to yourself",
  about: "Sends you a contact's digest of a week, with the numbers of now. The contact receives nothing.",
  fields: async (sql, values) => [await contactField(sql, values), weekField(values)],
  async ask(_, values, actor) {
    const [email, week] = [emailOf(values), weekOf(values)];
    return {
      will: [
        `1 e-mail will be queued to you, ${actor}: the digest of ${email} for the week of ${longDay(week)}.`,
        "0 e-mails go to the contact.",
      ],
      facts: [],
      button: "Send it to me",
      seen: null,
      carryOut: async (db, by, request) =>
        resultOf(
          await db<{ result: number }[]>`SELECT to_json(timesheet.operate_send_preview(${by}::text, ${email}::text,
            ${week}::text::date, ${by}::text, ${request}::text::uuid)) AS result`,
        ),
    };
  },
};

const resubscribe: Action = {
  title: "Subscribe a contact again",
  about: "For a contact that unsubscribed and asks for the digest again.",
  fields: async (sql, values) => [await contactField(sql, values)],
  async ask(sql, values) {
    const email = emailOf(values);
    const [found] = await sql<{ at: string | null; isRemoved: boolean }[]>`
      SELECT ${officeTime(sql, sql`m.unsubscribed_at`)} AS at, m.removed_at IS NOT NULL AS "isRemoved"
      FROM timesheet.digests AS d JOIN timesheet.digest_emails AS m USING (delivery_id)
      WHERE d.email = ${email} ORDER BY d.delivery_id DESC LIMIT 1`;
    if (found && found.at === null)
      throw new Refusal(`${email} has not unsubscribed: it receives digests while Airtable lists it.`);
    return {
      will: [
        `1 contact, ${email}, will receive digests again, from the last complete week on.`,
        ...(found?.isRemoved ? ["Airtable does not list the address now: it receives one only once it does."] : []),
      ],
      facts: [{ name: "Unsubscribed", now: found?.at ? timeText(found.at) : "not known here", then: "no" }],
      button: "Subscribe again",
      seen: [found?.at],
      carryOut: async (db, actor, request) => {
        await db`SELECT timesheet.operate_resubscribe(${actor}::text, ${email}::text, ${request}::text::uuid)`;
        return null;
      },
    };
  },
};

export const digestActions = {
  resend_digest: resend,
  resolve_delivery: resolve,
  send_preview: preview,
  resubscribe,
};
