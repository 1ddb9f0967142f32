import { guardRequests } from "@/http/incoming";
import { configuration } from "./configuration";
import { readJobs } from "./jobs";
import { serves } from "./parts";
import { readPortal } from "./portal";

/**
 * Where the configuration is wrong, the process ends, as Next.js would keep listening and fail at every request. On
 * Vercel there is no server to end: proxy.ts and jobs/answer.ts refuse each request, and the log says why.
 */
export function start(): void {
  const problems: string[] = [];
  let isDemo = false;
  try {
    isDemo = serves("dashboard") && configuration().signIn === null;
  } catch (error) {
    problems.push(error instanceof Error ? error.message : String(error));
  }
  const { jobs, warning } = readJobs(process.env);
  if (jobs?.problem) problems.push(jobs.problem);
  if (warning !== null) console.warn(warning);
  const ofPortal = readPortal(process.env);
  if (ofPortal.problem !== null) problems.push(ofPortal.problem);
  if (ofPortal.warning !== null) console.warn(ofPortal.warning);
  for (const problem of problems) console.error(problem);
  if (problems.length > 0 && !process.env.VERCEL) process.exit(1);
  guardRequests({ isDemo });
}
