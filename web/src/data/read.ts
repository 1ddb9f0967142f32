import { headers } from "next/headers";
import { signedIn } from "@/auth/signed_in";
import { answered, database, type Patience, type Sql } from "./database";

export type Read = <T>(questions: (sql: Sql) => Promise<T>) => Promise<T>;

export type Reader = {
  read: Read;
  /** Set once the answer has begun: what follows may take longer, as nobody can be told to come again any more. */
  hasBegun: boolean;
};

const continued: Patience = { turn: 30_000, end: 45_000 };

/**
 * The only way to data: for somebody signed in, each call from one snapshot, so that figures agree. An
 * answer that is sent piece by piece asks for this once, as nobody can be asked who they are after it has begun.
 */
export async function reader(): Promise<Reader> {
  await signedIn();
  const path = (await headers()).get("x-timesheet-path")?.split("?")[0] ?? "";
  const lane = path.endsWith("/csv") ? "export" : "page";
  const end = performance.now() + answered.end;
  const its: Reader = {
    hasBegun: false,
    read: (questions) => {
      const patience = its.hasBegun ? continued : { turn: Math.min(answered.turn, end - performance.now()), end: end - performance.now() };
      return database().transaction("isolation level repeatable read read only", questions, { patience, lane });
    },
  };
  return its;
}

export const read: Read = async (questions) => (await reader()).read(questions);
