// The one action without a sign-in, by a role that can do nothing else.
import { configuration } from "@/config/configuration";
import { Database } from "./database";

let known: Database | undefined;

export function canUnsubscribe(): boolean {
  return configuration().unsubscribeDatabaseUrl !== null;
}

/** Does not reveal whether the token belongs to a contact. */
export async function unsubscribe(token: string): Promise<void> {
  const url = configuration().unsubscribeDatabaseUrl;
  if (url === null) throw new Error("UNSUBSCRIBE_DATABASE_URL is not set");
  known ??= new Database(url, { name: "timesheet-unsubscribe", connections: 2, exports: 0, waiting: 50 });
  await known.transaction("read write", (sql) => sql`SELECT timesheet.unsubscribe_by_link(${token}::text::uuid)`);
}
