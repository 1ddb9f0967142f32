// The environment of /jobs. Without its secret or its database the jobs are not served, which is no error: most
// deployments of the dashboard have no jobs.
import { join } from "node:path";
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
};

type Environment = Readonly<Record<string, string | undefined>>;

const shortestSecret = 32;
/** So that the pass has ended, in order or not, before maxDuration of the route. */
const mostSeconds = 250;

/** Null where jobs are not served; `warning` says why, if some of what they need is set. */
export function readJobs(environment: Environment): { jobs: Jobs | null; warning: string | null } {
  const parts = partsOf(environment.WEB_PARTS);
  if (!parts.has("jobs")) return { jobs: null, warning: null };
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
  const problems: string[] = [];
  if (parts.has("dashboard") && databaseUrl === environment.DATABASE_URL?.trim())
    problems.push("JOBS_DATABASE_URL is DATABASE_URL: it is for the role timesheet_ingest");
  const given = environment.JOB_SECONDS?.trim() || "240";
  const seconds = /^\d+$/.test(given) ? Number(given) : 0;
  if (seconds < 1 || seconds > mostSeconds)
    problems.push(`JOB_SECONDS is "${given}", which is no whole number from 1 to ${mostSeconds}`);
  if (problems.length > 0) throw new Error(`the jobs are not configured: ${problems.join("; ")}`);
  const bundle = environment.JOBS_BUNDLE?.trim() || join(/* turbopackIgnore: true */ process.cwd(), "bundle");
  return { jobs: { secret, databaseUrl, seconds, bundle }, warning: null };
}

let known: Jobs | null | undefined;

/** Null where jobs are not served. */
export function jobs(): Jobs | null {
  return known === undefined ? (known = readJobs(process.env).jobs) : known;
}
