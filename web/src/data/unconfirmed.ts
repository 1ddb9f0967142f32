import type { Sql } from "./database";

/** What makes hours unconfirmed, in the words that the weekly e-mail has as well. */
export async function getUnconfirmedText(sql: Sql): Promise<string> {
  const [row] = await sql<{ text: string }[]>`SELECT timesheet.unconfirmed_text() AS text`;
  return row?.text ?? "";
}
