// The environment of /jobs. Without its secret or its database the jobs are not served, which is no error: most
// deployments of the dashboard have no jobs.
import { join } from "node:path";
import { isAmbiguous } from "../jobs/passwords.ts";
import { partsOf } from "./parts.ts";

export type Jobs = {
  /** What a caller shows as Authorization: Bearer. */
  secret: string;
  /** The database as the role timesheet_ingest, in session mode. */
  databaseUrl: string;
  /** Seconds after which a pass ends itself. */
  seconds: number;
  /** The folder of make bundle. */
  bundle: string;
  /** Why no job can run, for those who have the secret; null if they can. */
  problem: string | null;
};

type Environment = Readonly<Record<string, string | undefined>>;

const shortestSecret = 32;
/** So that the pass has ended, in order or not, before maxDuration of the route. */
const mostSeconds = 250;

/** What is wrong with the variables of jobs that are served. */
function problemsOf(environment: Environment, databaseUrl: string, seconds: string): string[] {
  const problems: string[] = [];
  try {
    if (partsOf(environment.WEB_PARTS).has("dashboard") && databaseUrl === environment.DATABASE_URL?.trim())
      problems.push("JOBS_DATABASE_URL is DATABASE_URL: it is for the role timesheet_ingest");
  } catch (error) {
    problems.push((error as Error).message);
  }
  if (isAmbiguous(databaseUrl))
    problems.push("JOBS_DATABASE_URL has an @ or a / in its login or password: write it as %40 or %2F");
  if (!/^\d+$/.test(seconds) || Number(seconds) < 1 || Number(seconds) > mostSeconds)
    problems.push(`JOB_SECONDS is "${seconds}", which is no whole number from 1 to ${mostSeconds}`);
  return problems;
}

/** With a wrong WEB_PARTS the jobs are served, as far as saying so to those who have the secret. */
function areServed(text: string | undefined): boolean {
  try {
    return partsOf(text).has("jobs");
  } catch {
    return true;
  }
}

/** Null where jobs are not served; `warning` says why, if some of what they need is set. */
export function readJobs(environment: Environment): { jobs: Jobs | null; warning: string | null } {
  if (!areServed(environment.WEB_PARTS)) return { jobs: null, warning: null };
  const secret = environment.CRON_SECRET?.trim() ?? "";
  const databaseUrl = environment.JOBS_DATABASE_URL?.trim() ?? "";
  const missing = [
    ...(secret === "" ? ["CRON_SECRET is not set"] : []),
    ...(secret !== "" && secret.length < shortestSecret
      ? [`CRON_SECRET is shorter than ${shortestSecret} characters; make one by: openssl rand -base64 32`]
      : []),
    ...(databaseUrl === "" ? ["JOBS_DATABASE_URL is not set"] : []),
  ];
  if (missing.length > 0) {
    const isWanted = secret !== "" || databaseUrl !== "" || Boolean(environment.WEB_PARTS?.trim());
    return { jobs: null, warning: isWanted ? `/jobs answers 404: ${missing.join("; ")}` : null };
  }
  const given = environment.JOB_SECONDS?.trim() || "240";
  const problems = problemsOf(environment, databaseUrl, given);
  const problem = problems.length > 0 ? `the jobs are not configured: ${problems.join("; ")}` : null;
  const bundle = environment.JOBS_BUNDLE?.trim() || join(/* turbopackIgnore: true */ process.cwd(), "bundle");
  return { jobs: { secret, databaseUrl, seconds: Number(given), bundle, problem }, warning: null };
}

let known: Jobs | null | undefined;

/** Null where jobs are not served. */
export function jobs(): Jobs | null {
  return known === undefined ? (known = readJobs(process.env).jobs) : known;
}
