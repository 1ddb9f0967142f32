import type { State } from "@/range/state";
import type { Order } from "@/table/arrange";
import type { Sql } from "./database";

/** One page of a long table, in the order asked for. */
export type Part = { order: Order | null; page: number; size: number };

export function pageOf(state: State): number {
  return /^[1-9]\d{0,4}$/.test(state.page ?? "") ? Number(state.page) : 1;
}

/** ORDER BY; order.key is a column's key, never text from the address. */
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
 * The rows of an export, a batch at a time. Their ids come from one snapshot, so that rows added meanwhile make none
 * appear twice or not at all; a row that is deleted meanwhile is left out.
 */
export async function* inBatches<Row extends { id: number }>(
  ids: readonly number[],
  rowsOf: (ids: readonly number[]) => Promise<Row[]>,
  size = 2000,
): AsyncGenerator<Row[], void> {
  for (let first = 0; first < ids.length; first += size) {
    const some = ids.slice(first, first + size);
    const rows = new Map((await rowsOf(some)).map((row) => [row.id, row]));
    yield some.flatMap((id) => rows.get(id) ?? []);
  }
}
