import type { State } from "@/range/state";
import type { Order } from "@/table/arrange";
import type { Sql } from "./database";

/** A page of a long table, in the order asked for; what its filters leave is the rows of some days. */
export type Part = { order: Order | null; page: number; size: number };

export function pageOf(state: State): number {
  return /^[1-9]\d{0,4}$/.test(state.page ?? "") ? Number(state.page) : 1;
}

/** ORDER BY and LIMIT of a part, one row more than is shown; order.key is a column's of the page, never an address's own words. */
export function partOf(sql: Sql, { order, page, size }: Part, byId: string) {
  const direction = order?.isDescending ? sql`DESC NULLS LAST` : sql`ASC NULLS LAST`;
  const tie = order && !order.isDescending ? sql`ASC` : sql`DESC`;
  return sql`ORDER BY ${order ? sql`${sql(order.key)} ${direction},` : sql``} ${sql(byId)} ${tie} LIMIT ${size + 1} OFFSET ${(page - 1) * size}`;
}
