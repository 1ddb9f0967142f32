import postgres from "postgres";
import { configuration } from "@/config/configuration";
import { Gate, type Lane } from "./gate";
import { isOfConnection, Unavailable } from "./unavailable";

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

/** Milliseconds: how long a transaction may wait for its turn, and when it has to be over. */
export type Patience = { turn: number; end: number };

/** What a request has: somebody looks at an empty screen meanwhile. */
export const answered: Patience = { turn: 6000, end: 9000 };
const lockTimeout = 2000;
/** After its end the server has ended a statement itself; what is silent for this much longer is not there. */
const silence = 700;

type Limits = { name: string; connections: number; exports: number; waiting: number };

export class Database {
  readonly #url: string;
  readonly #limits: Limits;
  readonly #gate: Gate;
  // A client has one connection, so that one which does not answer is dropped without the others.
  readonly #idle: Client[] = [];

  constructor(url: string, limits: Limits) {
    this.#url = url;
    this.#limits = limits;
    this.#gate = new Gate(limits.connections, limits.exports, limits.waiting);
  }

  /** One transaction, within bounds of time that hold through a transaction pooler as well; throws Unavailable where they do not suffice. */
  async transaction<T>(mode: string, questions: (sql: Sql) => Promise<T>, { patience = answered, lane = "page" }: { patience?: Patience; lane?: Lane } = {}): Promise<T> {
    const end = performance.now() + patience.end;
    await this.#gate.enter(lane, patience.turn);
    try {
      // A connection kept from before may have ended unseen: until the first answer nothing has been asked, so another is tried.
      for (let kept = this.#idle.pop(); kept; kept = this.#idle.pop()) {
        const begun = await this.#begin(kept, mode, end).catch((error: unknown) => (isOfConnection(error) ? null : Promise.reject(error)));
        if (begun) return await this.#finish(kept, begun, questions, end);
      }
      const client = connect(this.#url, this.#limits.name);
      return await this.#finish(client, await this.#begin(client, mode, end), questions, end);
    } finally {
      this.#gate.leave(lane);
    }
  }

  async #begin(client: Client, mode: string, end: number) {
    const left = Math.max(1, Math.round(end - performance.now()));
    try {
      return await within(end + silence, (async () => {
        const sql = await client.reserve();
        // A session's settings are not kept by a transaction pooler, and a role's are the operator's.
        await Promise.all([
          sql.unsafe(`begin ${mode}`),
          sql`SELECT set_config('statement_timeout', ${String(left)}::text, true), set_config('lock_timeout', ${String(Math.min(lockTimeout, left))}::text, true)`,
        ]);
        return sql;
      })());
    } catch (error) {
      drop(client);
      throw error;
    }
  }

  async #finish<T>(client: Client, sql: Awaited<ReturnType<Client["reserve"]>>, questions: (sql: Sql) => Promise<T>, end: number): Promise<T> {
    try {
      const answer = await within(end + silence, questions(sql as unknown as Sql));
      await within(end + silence, sql`commit`);
      sql.release();
      this.#idle.push(client);
      return answer;
    } catch (error) {
      if (isOfConnection(error) || !(await rolledBack(sql))) drop(client);
      else {
        sql.release();
        this.#idle.push(client);
      }
      throw error;
    }
  }
}

async function rolledBack(sql: Awaited<ReturnType<Client["reserve"]>>): Promise<boolean> {
  return within(performance.now() + silence, sql`rollback`).then(() => true, () => false);
}

/** A connection is closed without a word to the server: the transaction's own bounds end what still runs there. */
function drop(client: Client): void {
  client.end({ timeout: 0 }).catch(() => {});
}

async function within<T>(moment: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Unavailable("the database does not answer", { isSilent: true })), Math.max(0, moment - performance.now()));
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

let known: Database | undefined;

export function database(): Database {
  return (known ??= new Database(configuration().databaseUrl, { name: "timesheet-web", connections: 4, exports: 2, waiting: 100 }));
}
