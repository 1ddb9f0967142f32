import { configuration } from "@/config/configuration";
import { Connection, isOutdated, type Sql } from "./connection";
import { Gate, type Lane } from "./gate";
import { isConnectionError, Unavailable } from "./unavailable";

export type { Sql };

/** Milliseconds: how long a transaction may wait for a connection and for a lock, and when it has to be over. */
export type TimeLimits = { queued: number; total: number; lock?: number };

/** For a page: a person looks at an empty screen meanwhile. */
export const pageLimits: TimeLimits = { queued: 6000, total: 9000 };
const lockTimeout = 2000;
/** The server ends a statement at its time limit; a server that is silent for this much longer is not there. */
const silence = 700;

type Limits = { name: string; connections: number; exports: number; waiting: number };

export class Database {
  readonly #url: string;
  readonly #limits: Limits;
  readonly #gate: Gate;
  readonly #idle: Connection[] = [];

  constructor(url: string, limits: Limits) {
    this.#url = url;
    this.#limits = limits;
    this.#gate = new Gate(limits.connections, limits.exports, limits.waiting);
  }

  /**
   * One transaction, within time limits that hold through a transaction pooler too;
   * throws Unavailable when they are exceeded.
   */
  async transaction<T>(
    mode: string,
    query: (sql: Sql) => Promise<T>,
    { limits = pageLimits, lane = "page" }: { limits?: TimeLimits; lane?: Lane } = {},
  ): Promise<T> {
    const end = performance.now() + limits.total;
    await this.#gate.enter(lane, limits.queued);
    try {
      for (;;) {
        const kept = this.#idle.pop();
        const connection = kept ?? new Connection(this.#url, this.#limits.name);
        const progress = { hasBegun: false };
        try {
          const answer = await within(
            end + silence,
            transactionOn(connection, mode, query, { end, lock: limits.lock ?? lockTimeout }, progress),
          );
          this.#idle.push(connection);
          return answer;
        } catch (error) {
          if (progress.hasBegun && !isConnectionError(error) && !isOutdated(error)) this.#idle.push(connection);
          else connection.drop();
          // An idle connection may have ended unnoticed: nothing was sent on it, so another one is tried. What was
          // prepared on it is only read, so it can be read again.
          const mayTryAgain = kept && (isOutdated(error) || (!progress.hasBegun && isConnectionError(error)));
          if (!mayTryAgain || performance.now() > end) throw error;
        }
      }
    } finally {
      this.#gate.leave(lane);
    }
  }
}

async function transactionOn<T>(
  connection: Connection,
  mode: string,
  query: (sql: Sql) => Promise<T>,
  { end, lock }: { end: number; lock: number },
  progress: { hasBegun: boolean },
): Promise<T> {
  let lose: (error: unknown) => void;
  const lost = new Promise<never>((_, reject) => (lose = reject));
  const done = connection.begin(mode, async (sql) => {
    progress.hasBegun = true;
    const left = Math.max(1, Math.round(end - performance.now()));
    try {
      const limited = connection.limit(sql, { statement: left, lock: Math.min(lock, left) });
      const [answer] = await Promise.all([query(sql), limited]);
      return answer;
    } catch (error) {
      if (!isConnectionError(error)) throw error;
      // postgres.js would send a rollback to the connection that is gone, which is an error that no code could catch.
      lose(error);
      return new Promise<never>(() => {});
    }
  });
  return Promise.race([done, lost]);
}

async function within<T>(moment: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Unavailable("the database does not answer", { isSilent: true })),
      Math.max(0, moment - performance.now()),
    );
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

let known: Database | undefined;

export function database(): Database {
  return (known ??= new Database(configuration().databaseUrl, {
    name: "timesheet-web",
    connections: 4,
    exports: 2,
    waiting: 100,
  }));
}
