import { signedIn } from "@/session/signed_in";
import { database, type Sql } from "./database";

export type Read = <T>(questions: (sql: Sql) => Promise<T>) => Promise<T>;

/**
 * The only way to data: for somebody signed in, each call from one snapshot, so that figures agree. An
 * answer that is sent piece by piece asks for this once, as nobody can be asked who they are after it has begun.
 */
export async function reader(): Promise<Read> {
  await signedIn();
  return async <T>(questions: (sql: Sql) => Promise<T>) => (await database().begin("isolation level repeatable read read only", questions)) as T;
}

export const read: Read = async (questions) => (await reader())(questions);
