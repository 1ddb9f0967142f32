// The connection that changes something: as a login in the role timesheet_operator, which calls the functions
// timesheet.operate_…() alone. Only for a person who may (auth/operator.ts).
import { currentOperator } from "@/auth/operator";
import { configuration } from "@/config/configuration";
import { Database, type Sql, type TimeLimits } from "./database";

/** A correction of a whole client counts its hours again. The platform ends a request after 60 seconds. */
export const operatorLimits: TimeLimits = { queued: 3000, total: 50_000, lock: 5000 };

let known: Database | undefined;

/** Read committed: what waits for a lock sees what was committed meanwhile. */
export async function operate<T>(query: (sql: Sql) => Promise<T>): Promise<T> {
  const { operators } = configuration();
  if (!operators || (await currentOperator()) === null) throw new Error("the person is not in OPERATORS");
  known ??= new Database(operators.databaseUrl, {
    name: "timesheet-operator",
    connections: 3,
    exports: 0,
    waiting: 20,
  });
  return known.transaction("isolation level read committed read write", query, { limits: operatorLimits });
}
