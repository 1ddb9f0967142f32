// A form that was sent: checked, carried out once, and answered by a page that says what happened.
import type { Sql } from "@/data/database";
import { operate } from "@/data/operator";
import { read } from "@/data/read";
import { getActionOf } from "@/data/staff_log";
import { isUuid } from "@/range/state";
import { type Action, changedMeanwhile, type Question, Refusal, type Values } from "./action";
import { wordsOf } from "./error_words";
import { fingerprint } from "./question";

export type Sent = {
  values: Values;
  request: string;
  seen: string;
  /** The number in the question; "" if it had none. */
  expects: string;
  /** The last change when the question was asked. */
  after: string;
};

/** A form's fields; null if they are not those that our page sends. */
export function sentBy(form: FormData): Sent | null {
  const values: Record<string, string> = {};
  for (const [name, value] of form) {
    if (typeof value !== "string" || name in values || value.includes("\0") || value.length > 2000) return null;
    if (value) values[name] = value;
  }
  const { request = "", seen = "", expects = "", after = "", ...rest } = values;
  return isUuid(request) && /^[0-9a-f]{32}$/.test(seen) && /^\d{0,15}$/.test(expects) && /^\d{1,15}$/.test(after)
    ? { values: rest, request, seen, expects, after }
    : null;
}

/** Whether another form did the same with other values since the question was asked. */
async function wasOvertaken(sql: Sql, action: string, { subject }: Question, sent: Sent): Promise<boolean> {
  if (!subject) return false;
  const [row] = await sql<{ was: boolean }[]>`
    SELECT EXISTS (SELECT FROM timesheet.operator_actions AS o
      WHERE o.operator_action_id > ${sent.after}::text::bigint AND o.action = ${action}::text
        AND o.arguments @> ${JSON.stringify(subject)}::text::jsonb
        AND o.request IS DISTINCT FROM ${sent.request}::text::uuid) AS was`;
  return row?.was ?? false;
}

/** One transaction: what is not as it was seen undoes all of it. */
async function act(name: string, action: Action, sent: Sent, actor: string): Promise<void> {
  await operate(async (sql) => {
    if (await getActionOf(sql, sent.request)) return; // the same form again
    const question = await action.ask(sql, sent.values, actor);
    if (fingerprint(question.seen) !== sent.seen) throw new Refusal(changedMeanwhile);
    const result = await question.carryOut(sql, actor, sent.request);
    // Now others wait, so this is what counts.
    const isAsExpected = sent.expects === "" || result === Number(sent.expects);
    if (!isAsExpected || (await wasOvertaken(sql, name, question, sent))) throw new Refusal(changedMeanwhile);
  });
}

/** Null if it was done, else why not. */
export async function carryOut(name: string, action: Action, sent: Sent, actor: string): Promise<string | null> {
  try {
    await act(name, action, sent, actor);
    return null;
  } catch (error) {
    // The same form, sent twice at once, may have been carried out meanwhile.
    const wasDone = await read((sql) => getActionOf(sql, sent.request)).catch(() => null);
    return wasDone ? null : wordsOf(error, name);
  }
}
