// Who may change something from the dashboard, and the connection for it: OPERATOR_DATABASE_URL and OPERATORS.
import { isAddress, isAllowed, isDomain } from "../auth/allow_list.ts";
import type { SignIn } from "./configuration.ts";

export type Operators = {
  /** The database as a login in the role timesheet_operator. */
  databaseUrl: string;
  domains: readonly string[];
  addresses: readonly string[];
};

type Environment = Readonly<Record<string, string | undefined>>;
type Readers = Pick<SignIn, "domains" | "addresses">;

/** What is wrong with one word of OPERATORS; null if nothing is. */
function problemOf(word: string, readers: Readers | null): string | null {
  if (!isAddress(word) && !isDomain(word))
    return `OPERATORS has "${word}", which is no address such as ana@agency.example and no domain`;
  const mayRead = readers === null || (isAddress(word) ? isAllowed(word, readers) : readers.domains.includes(word));
  return mayRead ? null : `OPERATORS has "${word}", who may not read: add it to ALLOWED_ADDRESSES or ALLOWED_DOMAINS`;
}

/** Null without OPERATOR_DATABASE_URL: everything is read-only then. In the demo, one address is the actor. */
export function readOperators(
  environment: Environment,
  words: readonly string[],
  readers: Readers | null,
): { operators: Operators | null; problems: string[] } {
  const problems = words.flatMap((word) => problemOf(word, readers) ?? []);
  const databaseUrl = environment.OPERATOR_DATABASE_URL?.trim();
  if (!databaseUrl) return { operators: null, problems };
  if ([environment.DATABASE_URL?.trim(), environment.UNSUBSCRIBE_DATABASE_URL?.trim()].includes(databaseUrl))
    problems.push(
      "OPERATOR_DATABASE_URL is DATABASE_URL or UNSUBSCRIBE_DATABASE_URL: it is for the role timesheet_operator",
    );
  const addresses = words.filter(isAddress);
  if (words.length === 0)
    problems.push("OPERATOR_DATABASE_URL is set and OPERATORS is not, so no one could change anything");
  else if (readers === null && (words.length > 1 || addresses.length === 0))
    problems.push("in the demo OPERATORS is one address, which is recorded as the person who changes something");
  return { operators: { databaseUrl, addresses, domains: words.filter((word) => !isAddress(word)) }, problems };
}
