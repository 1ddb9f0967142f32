// One connection by postgres.js, and how queries are sent over it: each in one round trip, several at once where none
// waits for another.
import postgres from "postgres";

// Dates and times stay the text that PostgreSQL gives: JavaScript's have no zone but this machine's.
const asText = { to: 25, from: [1082, 1114, 1184], serialize: String, parse: (text: string) => text };
const wholeNumber = { to: 20, from: [20], serialize: String, parse: Number };

const options = {
  prepare: false, // a transaction pooler keeps no statements: see keepsStatements
  fetch_types: false,
  max: 1,
  idle_timeout: 30,
  connect_timeout: 3,
  types: { asText, wholeNumber },
  onnotice: () => {},
};

function clientOf(url: string, name: string) {
  return postgres(url, { ...options, connection: { application_name: name } });
}

type Client = ReturnType<typeof clientOf>;
export type Sql = Parameters<Parameters<Client["begin"]>[1]>[0];

/**
 * postgres.js asks for the types of a statement's parameters before it sends their values, and sends nothing else
 * meanwhile. Ours are text and numbers, which it writes as text whatever their type, so everything is sent at once.
 */
function sendAtOnce(client: Client): void {
  const everyQuery: object = Object.getPrototypeOf(client`SELECT`); // which is not sent, as nothing waits for it
  Object.defineProperty(everyQuery, "describeFirst", { get: () => false, set: () => {}, configurable: true });
}

export class Connection {
  readonly #client: Client;
  /** Whether prepared statements stay: not where a pooler gives each transaction another connection. */
  #keepsStatements = false;

  constructor(url: string, name: string) {
    this.#client = clientOf(url, name);
    sendAtOnce(this.#client);
  }

  /**
   * One transaction. Planning is most of what a page's queries take, so what is only read is prepared; PostgreSQL
   * chooses a plan for all values only where it costs no more.
   */
  begin<T>(mode: string, query: (sql: Sql) => Promise<T>): Promise<T> {
    this.#client.options.prepare = this.#keepsStatements && /\bread only$/.test(mode);
    return this.#client.begin(mode, query) as Promise<T>;
  }

  /**
   * The time limits of the transaction, sent at once and before what follows, which fails if this does.
   * A transaction pooler does not keep a session's settings, and a role's are the operator's.
   */
  async limit(sql: Sql, { statement, lock }: { statement: number; lock: number }): Promise<void> {
    const limits = sql<{ pid: number }[]>`
      SELECT pg_backend_pid() AS pid, set_config('statement_timeout', ${String(statement)}::text, true),
        set_config('lock_timeout', ${String(lock)}::text, true)`.execute();
    const rows = await limits;
    // A pooler does not say at connect which process of the server will answer.
    this.#keepsStatements = rows[0]?.pid === rows.state.pid;
  }

  /** Closes it without telling the server, where the transaction's own time limits end what still runs. */
  drop(): void {
    this.#client.end({ timeout: 0 }).catch(() => {});
  }
}

/**
 * Whether a prepared statement is gone, or gives other columns since a view was replaced: a new one works. postgres.js
 * tries it again first, so the error of a query that was sent after it, in the same transaction, may come before.
 */
export function isOutdated(error: unknown): boolean {
  return (
    error instanceof postgres.PostgresError &&
    (["26000", "25P02"].includes(error.code) || (error.code === "0A000" && error.routine === "RevalidateCachedQuery"))
  );
}
