import type { Sql } from "./database";

type Fragment = ReturnType<Sql>;

/** The words of a search, all of which a row must hold: the rule of table/arrange.ts, for rows that SQL looks for. */
export function wordsOf(search: string | undefined): string[] {
  return (search ?? "").split(/\s+/).filter(Boolean);
}

/** Whether a text holds a word, accents and case aside. */
export function holds(sql: Sql, text: Fragment, word: string) {
  const plain = (each: Fragment) => sql`lower(regexp_replace(normalize(${each}, NFD), '[\\u0300-\\u036f]', '', 'g'))`;
  return sql`strpos(${plain(text)}, ${plain(sql`${word}::text`)}) > 0`;
}

/** The end of a WHERE: whether a text holds every word of a search. */
export function holdsAll(sql: Sql, text: Fragment, search: string | undefined) {
  return wordsOf(search).reduce((all, word) => sql`${all} AND ${holds(sql, text, word)}`, sql``);
}
