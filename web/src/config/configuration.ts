// The dashboard's environment, checked once: it does not start with only some of it.
// Its tests need no server and no bundler, so imports name files.
import { isAddress, isDomain } from "../auth/allow_list.ts";
import { type SessionStarts, sessionStarts } from "../auth/session_starts.ts";
import { type Operators, readOperators } from "./operators.ts";
import { jibbleLinkProblem } from "./jibble_link.ts";
import { isLoopback } from "./loopback.ts";
import { serves } from "./parts.ts";

export type SignIn = {
  baseUrl: URL;
  issuer: URL;
  clientId: string;
  clientSecret: string;
  sessionSecret: string;
  sessionHours: number;
  /** Sessions that began earlier are over, also for a copy of their cookie. */
  sessionStarts: SessionStarts;
  domains: readonly string[];
  addresses: readonly string[];
  /** For a provider that never sends email_verified and whose addresses only its owner gives out. */
  trustsAddresses: boolean;
};

export type Configuration = {
  databaseUrl: string;
  /**
   * The database as the role that may unsubscribe and nothing else; null where unsubscribe links are not served here.
   */
  unsubscribeDatabaseUrl: string | null;
  /** Who may change something, and by which connection; null where everything is read-only. */
  operators: Operators | null;
  /** Null in demo mode: there is no sign-in, and only this machine can reach it. */
  signIn: SignIn | null;
  /**
   * Demo mode only: an instant of the day that counts as today, as sample data end somewhere. Everything about the
   * present goes by the real clock.
   */
  now: string | null;
  /** Where docs/ of this version can be read, without a slash at the end; null where rules are named without a link. */
  docsUrl: string | null;
  /** The address of a person's day in Jibble's web app, with placeholders; null for no such link. */
  jibbleLink: string | null;
};

type Environment = Readonly<Record<string, string | undefined>>;

function list(text: string | undefined): string[] {
  return (text ?? "")
    .split(/[\s,]+/)
    .filter(Boolean)
    .map((word) => word.toLowerCase());
}

/** Each hostname that "next start" is given to listen on, in any way; the last one counts. */
export function hostnamesOf(argv: readonly string[]): string[] {
  return argv.flatMap((word, n) => {
    if (word === "-H" || word === "--hostname") return [argv[n + 1] ?? ""];
    return /^(?:-H|--hostname=)(.*)$/s.exec(word)?.[1] ?? [];
  });
}

/** As DOCS_URL says, else the commit that Vercel deployed from GitHub, else nothing. */
function docsUrlOf(environment: Environment): string | null {
  const given = environment.DOCS_URL?.trim().replace(/\/+$/, "");
  if (given) return given;
  const {
    VERCEL_GIT_PROVIDER: provider,
    VERCEL_GIT_REPO_OWNER: owner,
    VERCEL_GIT_REPO_SLUG: slug,
    VERCEL_GIT_COMMIT_SHA: commit,
  } = environment;
  return provider === "github" && owner && slug && commit
    ? `https://github.com/${owner}/${slug}/blob/${commit}/docs`
    : null;
}

/** What the environment sets, and what is wrong with it: all of it is said at once. */
class Variables {
  readonly environment: Environment;
  readonly problems: string[] = [];

  constructor(environment: Environment) {
    this.environment = environment;
  }

  required(name: string): string {
    const value = this.environment[name]?.trim();
    if (!value) this.problems.push(`${name} is not set`);
    return value ?? "";
  }

  url(name: string): URL {
    const text = this.required(name);
    const parsed = URL.parse(text);
    if (text && !parsed) this.problems.push(`${name} is not a URL`);
    else if (parsed && parsed.protocol !== "https:" && !(parsed.protocol === "http:" && isLoopback(parsed.hostname)))
      this.problems.push(`${name} must begin with https://`);
    return parsed ?? new URL("https://unset.invalid");
  }
}

function readSignIn(variables: Variables): SignIn {
  const { environment, problems } = variables;
  const starts = sessionStarts(environment.SESSIONS_VALID_FROM, Date.now());
  if ("problem" in starts) problems.push(starts.problem);
  const signIn: SignIn = {
    baseUrl: variables.url("WEB_BASE_URL"),
    issuer: variables.url("OIDC_ISSUER"),
    clientId: variables.required("OIDC_CLIENT_ID"),
    clientSecret: variables.required("OIDC_CLIENT_SECRET"),
    sessionSecret: variables.required("SESSION_SECRET"),
    sessionHours: Number(environment.SESSION_HOURS ?? "8"),
    sessionStarts: "problem" in starts ? new Map() : starts,
    domains: list(environment.ALLOWED_DOMAINS),
    addresses: list(environment.ALLOWED_ADDRESSES),
    trustsAddresses: environment.OIDC_TRUST_UNVERIFIED_ADDRESSES === "1",
  };
  if (signIn.sessionSecret && signIn.sessionSecret.length < 32)
    problems.push("SESSION_SECRET is shorter than 32 characters");
  if (!(signIn.sessionHours > 0 && signIn.sessionHours <= 24 * 14))
    problems.push("SESSION_HOURS must be above 0 and at most 336");
  for (const domain of signIn.domains)
    if (!isDomain(domain))
      problems.push(
        `ALLOWED_DOMAINS has "${domain}", which is no domain such as agency.example ` +
          `(one in other letters is written as xn--…)`,
      );
  for (const address of signIn.addresses)
    if (!isAddress(address))
      problems.push(`ALLOWED_ADDRESSES has "${address}", which is no address such as ana@agency.example`);
  if (signIn.domains.length + signIn.addresses.length === 0)
    problems.push("neither ALLOWED_DOMAINS nor ALLOWED_ADDRESSES is set, so no one could sign in");
  if (environment.TIMESHEET_WEB_NOW) problems.push("TIMESHEET_WEB_NOW is for the demo mode only");
  return signIn;
}

/** The instant whose day counts as today in demo mode, null for now. */
function readDemo({ environment, problems }: Variables, argv: readonly string[]): string | null {
  const hostnames = hostnamesOf(argv);
  const other = hostnames.find((hostname) => !isLoopback(hostname));
  if (environment.VERCEL || hostnames.length === 0 || other !== undefined)
    problems.push(
      `TIMESHEET_WEB_DEMO=1 needs no sign-in, so it only listens on this machine` +
        `${other === undefined ? "" : `, and not on "${other}"`}: start it with --hostname 127.0.0.1`,
    );
  const now = environment.TIMESHEET_WEB_NOW ?? null;
  if (now !== null && Number.isNaN(Date.parse(now)))
    problems.push("TIMESHEET_WEB_NOW is not an instant such as 2026-11-24T07:50:00Z");
  return now;
}

export function readConfiguration(environment: Environment, argv: readonly string[]): Configuration {
  const variables = new Variables(environment);
  const { problems } = variables;
  const databaseUrl = variables.required("DATABASE_URL");
  const unsubscribeDatabaseUrl = environment.UNSUBSCRIBE_DATABASE_URL?.trim() || null;
  if (unsubscribeDatabaseUrl !== null && unsubscribeDatabaseUrl === databaseUrl)
    problems.push("UNSUBSCRIBE_DATABASE_URL is DATABASE_URL: it is for the role timesheet_unsubscribe");
  const docsUrl = docsUrlOf(environment);
  if (docsUrl !== null && !/^https?:$/.test(URL.parse(docsUrl)?.protocol ?? ""))
    problems.push(
      `DOCS_URL is "${docsUrl}", which is no URL such as https://github.com/agency/pg_timesheet/blob/main/docs`,
    );
  const jibbleLink = environment.JIBBLE_LINK?.trim() || null;
  const linkProblem = jibbleLink === null ? null : jibbleLinkProblem(jibbleLink);
  if (linkProblem !== null) problems.push(linkProblem);
  const isDemo = environment.TIMESHEET_WEB_DEMO === "1";
  const now = isDemo ? readDemo(variables, argv) : null;
  const signIn = isDemo ? null : readSignIn(variables);
  const { operators, problems: ofOperators } = readOperators(environment, list(environment.OPERATORS), signIn);
  problems.push(...ofOperators);
  if (problems.length > 0) throw new Error(`the dashboard is not configured: ${problems.join("; ")}`);
  return { databaseUrl, unsubscribeDatabaseUrl, operators, signIn, now, docsUrl, jibbleLink };
}

let known: Configuration | undefined;

export function configuration(): Configuration {
  if (!serves("dashboard")) throw new Error("WEB_PARTS does not name the dashboard");
  return (known ??= readConfiguration(process.env, process.argv));
}
