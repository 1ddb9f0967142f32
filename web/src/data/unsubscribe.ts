// The one thing that is done without a sign-in, by a role that can do nothing else.
import postgres from "postgres";
import { configuration } from "@/config/configuration";

let pool: ReturnType<typeof postgres> | undefined;

export function canUnsubscribe(): boolean {
  return configuration().unsubscribeDatabaseUrl !== null;
}

/** Says nothing of whether the token was anybody's. */
export async function unsubscribe(token: string): Promise<void> {
  const url = configuration().unsubscribeDatabaseUrl;
  if (url === null) throw new Error("UNSUBSCRIBE_DATABASE_URL is not set");
  pool ??= postgres(url, { prepare: false, fetch_types: false, max: 2, idle_timeout: 30, connect_timeout: 10, connection: { application_name: "timesheet-unsubscribe" }, onnotice: () => {} });
  await pool`SELECT timesheet.unsubscribe_by_link(${token}::text::uuid)`;
}
