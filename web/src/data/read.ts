import { signedIn } from "@/session/signed_in";
import { database, type Sql } from "./database";

/** The only way to data: for somebody signed in, from one snapshot, so that a page's figures agree. */
export async function read<T>(questions: (sql: Sql) => Promise<T>): Promise<T> {
  await signedIn();
  return (await database().begin("isolation level repeatable read read only", questions)) as T;
}
