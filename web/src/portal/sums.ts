// Sums of figures that are rounded already, so that each is the sum of what is shown.
import type { Hundredths } from "../data/rounded.ts";
import type { Hours } from "./hours.ts";
import type { Visit } from "./visit.ts";

const { compare } = new Intl.Collator("en", { numeric: true });

type Figure = "hours" | "unconfirmed" | "breaks";

export function total(rows: readonly { hours: Hundredths }[]): Hundredths;
export function total<Of extends Figure>(rows: readonly Record<Of, Hundredths>[], figure: Of): Hundredths;
export function total(rows: readonly Partial<Record<Figure, Hundredths>>[], figure: Figure = "hours"): Hundredths {
  return rows.reduce((sum, row) => sum + (row[figure] ?? 0), 0);
}

/** What a row of sums is of. */
export type Named = { key: string; name: string; detail: string };

export const groupOf = (row: Pick<Hours, "groupId" | "group">): Named => ({
  key: `${row.groupId}`,
  name: row.group,
  detail: "",
});

/** Those without hours have a row too, as in an e-mail. */
export const everyGroup = ({ groups }: Visit): Named[] =>
  groups.map(({ id, name }) => groupOf({ groupId: id, group: name }));

/** An agent has a row for each client group, as in an e-mail, and names it where there are several. */
export const agentOf = (hasGroups: boolean) => (row: Hours) => ({
  key: `${row.groupId} ${row.agentId}`,
  name: row.agent,
  detail: hasGroups ? row.group : "",
});

/**
 * Sums of rows by what each is of, in the order of names; `empty` is what has a row even without any. Each sum is that
 * of the rows that it is given for each column.
 */
export function sumsBy<Row, Sums extends Record<string, (rows: readonly Row[]) => Hundredths>>(
  rows: readonly Row[],
  namedBy: (row: Row) => Named,
  sums: Sums,
  empty: readonly Named[] = [],
): (Named & Record<keyof Sums, Hundredths>)[] {
  const own = Map.groupBy(rows, (row) => namedBy(row).key);
  const named = new Map([...empty, ...rows.map(namedBy)].map((each) => [each.key, each]));
  return [...named.values()]
    .map((each) => ({
      ...each,
      ...(Object.fromEntries(Object.entries(sums).map(([name, sum]) => [name, sum(own.get(each.key) ?? [])])) as Record<
        keyof Sums,
        Hundredths
      >),
    }))
    .sort((a, b) => compare(a.name, b.name) || compare(a.detail, b.detail) || compare(a.key, b.key));
}
