import postgres from "postgres";
import { configuration } from "@/config/configuration";

// Dates and times stay the text that PostgreSQL gives: JavaScript's have no zone but this machine's.
const asText = { to: 25, from: [1082, 1114, 1184], serialize: String, parse: (text: string) => text };
const wholeNumber = { to: 20, from: [20], serialize: String, parse: Number };

function connect() {
  return postgres(configuration().databaseUrl, {
    prepare: false, // a transaction pooler keeps no statements
    fetch_types: false,
    max: 4,
    idle_timeout: 30,
    connect_timeout: 10,
    connection: { application_name: "timesheet-web" },
    types: { asText, wholeNumber },
    onnotice: () => {},
  });
}

type Pool = ReturnType<typeof connect>;
export type Sql = Parameters<Parameters<Pool["begin"]>[1]>[0];

let pool: Pool | undefined;

export function database(): Pool {
  return (pool ??= connect());
}
