import type { State } from "@/range/state";
import type { Order } from "@/table/arrange";
import type { Sql } from "./database";

/** A page of a long table, in the order asked for; what its filters leave is the rows of some days. */
export type Part = { order: Order | null; page: number; size: number };

export function pageOf(state: State): number {
  return /^[1-9]\d{0,4}$/.test(state.page ?? "") ? Number(state.page) : 1;
}

/** ORDER BY; order.key is a column's of the page, never an address's own words. */
export function inOrder(sql: Sql, order: Order | null, byId: string) {
  const direction = order?.isDescending ? sql`DESC NULLS LAST` : sql`ASC NULLS LAST`;
  const tie = order && !order.isDescending ? sql`ASC` : sql`DESC`;
  return sql`ORDER BY ${order ? sql`${sql(order.key)} ${direction},` : sql``} ${sql(byId)} ${tie}`;
}

/** ORDER BY and LIMIT of a part, one row more than is shown. */
export function partOf(sql: Sql, { order, page, size }: Part, byId: string) {
  return sql`${inOrder(sql, order, byId)} LIMIT ${size + 1} OFFSET ${(page - 1) * size}`;
}

/**
 * The rows of an export, a batch at a time. Which they are is known from one snapshot, as ids, so that none
 * comes twice or not at all because others were added meanwhile; one that is deleted meanwhile is left out.
 */
export async function* inBatches<Row extends { id: number }>(ids: readonly number[], rowsOf: (ids: readonly number[]) => Promise<Row[]>, size = 2000): AsyncGenerator<Row[], void> {
  for (let first = 0; first < ids.length; first += size) {
    const some = ids.slice(first, first + size);
    const rows = new Map((await rowsOf(some)).map((row) => [row.id, row]));
    yield some.flatMap((id) => rows.get(id) ?? []);
  }
}
