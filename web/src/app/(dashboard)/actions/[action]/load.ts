import { redirect, unstable_rethrow } from "next/navigation";
import type { Action, Field, Question, Values } from "@/actions/action";
import { changedMeanwhile, Refusal } from "@/actions/action";
import { wordsOf } from "@/actions/error_words";
import { fingerprint, fingerprintOfForm, type Preview, previewOf } from "@/actions/question";
import { read } from "@/data/read";
import { getActionOf } from "@/data/staff_log";
import { isUnavailable } from "@/data/unavailable";
import { isUuid, type State } from "@/range/state";

type Asked = { question: Question; preview: Preview | null; hidden: Readonly<Record<string, string>> };
export type Loaded = { fields: Field[]; was: string | null; problem: string | null; asked: Asked | null };

/** The form, also where its address names what does not exist. */
async function loadForm(action: Action, values: Values): Promise<{ fields: Field[]; problem: string | null }> {
  try {
    return { fields: await read((sql) => action.fields(sql, values)), problem: null };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { fields: await read((sql) => action.fields(sql, {})), problem: error.message };
  }
}

async function ask(action: Action, values: Values, actor: string, request: string): Promise<Asked> {
  const { question, after } = await read(async (sql) => {
    const [row] = await sql<{ after: number }[]>`
      SELECT coalesce(max(o.operator_action_id), 0)::bigint AS after FROM timesheet.operator_actions AS o`;
    return { question: await action.ask(sql, values, actor), after: row?.after ?? 0 };
  });
  const preview = question.preview ? await previewOf(question.preview) : null;
  const expects = preview?.entries ?? question.expects;
  const hidden = {
    ...values,
    request,
    seen: fingerprint(question.seen),
    after: String(after),
    ...(expects !== undefined && { expects: String(expects) }),
  };
  return { question, preview, hidden };
}

/** The form of an action, and its question where the form was filled in. */
export async function loadAction(name: string, action: Action, state: State, actor: string): Promise<Loaded> {
  const { step, request: given, said: _, ...values } = state;
  const { fields, problem } = await loadForm(action, values);
  const was = fingerprintOfForm(fields);
  const wasFilledIn = values.was !== undefined;
  if (wasFilledIn && values.was !== was)
    return {
      fields: fields.map((field) => (field.now === undefined ? field : { ...field, value: field.now })),
      was,
      problem: `${changedMeanwhile} The form shows it; enter your change again.`,
      asked: null,
    };
  // A field that was emptied stays empty.
  const filled = fields.map((field) =>
    wasFilledIn && field.now !== undefined ? { ...field, value: values[field.name] ?? "" } : field,
  );
  if (step !== "confirm" || problem) return { fields: filled, was, problem, asked: null };
  const request = isUuid(given) ? given : crypto.randomUUID();
  if (isUuid(given) && (await read((sql) => getActionOf(sql, given)))) redirect(`/actions/done/${given}`);
  try {
    return { fields: filled, was, problem: null, asked: await ask(action, values, actor, request) };
  } catch (error) {
    unstable_rethrow(error);
    const isBusy = error instanceof Error && "code" in error && ["55P03", "57014"].includes(String(error.code));
    if (isUnavailable(error) && !isBusy) throw error;
    return { fields: filled, was, problem: wordsOf(error, name), asked: null };
  }
}
