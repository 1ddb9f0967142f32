// What staff can change: each action has a form, a question that says what it would do, and a call of one function
// timesheet.operate_…(). all.ts lists them.
import type { Sql } from "@/data/database";
import { isDay } from "@/range/days";

/** What a form holds, as in its address: an empty field is left out. */
export type Values = Readonly<Record<string, string>>;

export type Field = {
  name: string;
  label: string;
  kind: "text" | "email" | "date" | "time" | "zone" | "choice";
  hint?: string;
  isRequired?: boolean;
  choices?: readonly { value: string; label: string }[];
  /** For a new form. */
  value?: string;
  /** What it is in the database now, where the form changes that: it is shown, and must not change meanwhile. */
  now?: string;
};

/** One line of a question: what it is now, and what it would be. */
export type Fact = { name: string; now: string | null; then?: string };

export type Question = {
  /** What would happen, in sentences with numbers. */
  will: readonly string[];
  /** What the administrator's commands would do; folded away. */
  forAdministrator?: string | null;
  facts: readonly Fact[];
  button: string;
  /** What the answer relies on: if it is not the same when the form is sent, nothing is done. */
  seen: unknown;
  /** The number that the function has to return; undefined if it is not known. */
  expects?: number;
  /** For timesheet.preview_correction() or timesheet.preview_erasure(), which give more numbers. */
  preview?: { kind: string; arguments: Readonly<Record<string, unknown>> };
  /** Earlier actions with these arguments: none may have been done since the question was asked. */
  subject?: Readonly<Record<string, unknown>>;
  /** Calls the function; what it returned, if that is a number. */
  carryOut: (sql: Sql, actor: string, request: string) => Promise<number | null>;
};

export type Action = {
  title: string;
  about: string;
  fields: (sql: Sql, values: Values) => Promise<Field[]>;
  ask: (sql: Sql, values: Values, actor: string) => Promise<Question>;
};

/** What is not accepted, in words for the person; nothing was changed. */
export class Refusal extends Error {}

export const changedMeanwhile =
  "Another person changed this meanwhile, so nothing was done. Look at how it is now, then decide again.";

/** An id of a row; anything else is none that the page gave. */
export function numberOf(values: Values, name: string, what: string): number {
  const text = values[name] ?? "";
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new Refusal(`Choose ${what}: “${text.slice(0, 40)}” is none.`);
  return Number(text);
}

export function textOf(values: Values, name: string, what: string): string {
  const text = values[name]?.trim();
  if (!text) throw new Refusal(`Enter ${what}.`);
  return text;
}

export function dayOf(values: Values, name: string, what: string): string {
  const text = textOf(values, name, what);
  if (isDay(text)) return text;
  throw new Refusal(`“${(text as string).slice(0, 40)}” is no date such as 2026-11-16. Enter ${what}.`);
}

/** A contact's address as it is stored: in small letters. */
export function emailOf(values: Values): string {
  const text = textOf(values, "email", "the contact's e-mail address");
  if (!text.includes("@")) throw new Refusal(`“${text.slice(0, 80)}” is no e-mail address.`);
  return text.toLowerCase();
}

/** A yes or no that a button of ours gave. */
export function isTrue(values: Values, name: string): boolean {
  const text = values[name];
  if (text !== "true" && text !== "false") throw new Refusal("Choose one of the two buttons.");
  return text === "true";
}

/** "1 entry", "12 entries" */
export function counted(count: number, one: string, many: string): string {
  return `${count.toLocaleString("en-GB")} ${count === 1 ? one : many}`;
}

/** What a function returned: a number, or nothing. */
export function resultOf(rows: readonly { result?: unknown }[]): number | null {
  const result = rows[0]?.result;
  return typeof result === "number" ? result : null;
}
