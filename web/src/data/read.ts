import { requirePerson } from "@/auth/current_person";
import { database, pageLimits, type Sql, type TimeLimits } from "./database";
import { isExport, requestedUrl } from "./unit";

export type Read = <T>(query: (sql: Sql) => Promise<T>) => Promise<T>;

export type Reader = {
  read: Read;
  /** Set once the answer has begun: what follows may take longer, as it is too late to ask for another try. */
  hasBegun: boolean;
};

const exportLimits: TimeLimits = { queued: 30_000, total: 45_000 };

/**
 * The only way to data: for a person who is signed in, each call from one snapshot, so that figures agree. An answer
 * that is streamed opens one reader, as the sign-in cannot be checked again once it has begun.
 */
export async function openReader(): Promise<Reader> {
  await requirePerson();
  const lane = isExport(await requestedUrl()) ? "export" : "page";
  const end = performance.now() + pageLimits.total;
  const data: Reader = {
    hasBegun: false,
    read: (query) => {
      const limits = data.hasBegun
        ? exportLimits
        : { queued: Math.min(pageLimits.queued, end - performance.now()), total: end - performance.now() };
      return database().transaction("isolation level repeatable read read only", query, { limits, lane });
    },
  };
  return data;
}

export const read: Read = async (query) => (await openReader()).read(query);
