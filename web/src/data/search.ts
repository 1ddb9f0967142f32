import type { Sql } from "./database";

type Fragment = ReturnType<Sql>;

/**
 * The words of a search, without invisible characters, which no name has; a row must contain all of them. The same rule
 * as in table/arrange.ts, for searches in SQL.
 */
export function wordsOf(search: string | undefined): string[] {
  return (search ?? "")
    .replace(/\p{Cf}/gu, "")
    .split(/\s+/)
    .filter(Boolean);
}

/** Whether a text contains a word, ignoring accents and case. */
export function contains(sql: Sql, text: Fragment, word: string) {
  const plain = (each: Fragment) => sql`lower(regexp_replace(normalize(${each}, NFD), '[\\u0300-\\u036f]', '', 'g'))`;
  return sql`strpos(${plain(text)}, ${plain(sql`${word}::text`)}) > 0`;
}

/** The end of a WHERE: whether a text contains every word of a search. */
export function containsAll(sql: Sql, text: Fragment, search: string | undefined) {
  return wordsOf(search).reduce((all, word) => sql`${all} AND ${contains(sql, text, word)}`, sql``);
}
