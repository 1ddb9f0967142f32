import postgres from "postgres";
import { configuration } from "@/config/configuration";
import { Gate, type Lane } from "./gate";
import { isConnectionError, Unavailable } from "./unavailable";

// Dates and times stay the text that PostgreSQL gives: JavaScript's have no zone but this machine's.
const asText = { to: 25, from: [1082, 1114, 1184], serialize: String, parse: (text: string) => text };
const wholeNumber = { to: 20, from: [20], serialize: String, parse: Number };

const options = {
  prepare: false, // a transaction pooler keeps no statements
  fetch_types: false,
  max: 1,
  idle_timeout: 30,
  connect_timeout: 3,
  types: { asText, wholeNumber },
  onnotice: () => {},
};

function connect(url: string, name: string) {
  return postgres(url, { ...options, connection: { application_name: name } });
}

type Client = ReturnType<typeof connect>;
export type Sql = Parameters<Parameters<Client["begin"]>[1]>[0];

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
  // A client has one connection, so that one that does not answer is dropped alone.
  readonly #idle: Client[] = [];

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
        const client = kept ?? connect(this.#url, this.#limits.name);
        const progress = { hasBegun: false };
        try {
          const answer = await within(
            end + silence,
            transactionOn(client, mode, query, { end, lock: limits.lock ?? lockTimeout }, progress),
          );
          this.#idle.push(client);
          return answer;
        } catch (error) {
          if (progress.hasBegun && !isConnectionError(error)) this.#idle.push(client);
          else drop(client);
          // An idle connection may have ended unnoticed: nothing was sent on it, so another one is tried.
          if (!kept || progress.hasBegun || !isConnectionError(error) || performance.now() > end) throw error;
        }
      }
    } finally {
      this.#gate.leave(lane);
    }
  }
}

async function transactionOn<T>(
  client: Client,
  mode: string,
  query: (sql: Sql) => Promise<T>,
  { end, lock }: { end: number; lock: number },
  progress: { hasBegun: boolean },
): Promise<T> {
  let lose: (error: unknown) => void;
  const lost = new Promise<never>((_, reject) => (lose = reject));
  const done = client.begin(mode, async (sql) => {
    progress.hasBegun = true;
    const left = Math.max(1, Math.round(end - performance.now()));
    try {
      // A transaction pooler does not keep a session's settings, and a role's are the operator's.
      await sql`
        SELECT set_config('statement_timeout', ${String(left)}::text, true),
          set_config('lock_timeout', ${String(Math.min(lock, left))}::text, true)`;
      return await query(sql);
    } catch (error) {
      if (!isConnectionError(error)) throw error;
      // postgres.js would send a rollback to the connection that is gone, which is an error that no code could catch.
      lose(error);
      return new Promise<never>(() => {});
    }
  });
  return Promise.race([done as Promise<T>, lost]);
}

/** Closes a connection without telling the server, where the transaction's own time limits end what still runs. */
function drop(client: Client): void {
  client.end({ timeout: 0 }).catch(() => {});
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
