import { guardRequests } from "@/http/incoming";
import { configuration } from "./configuration";
import { readJobs } from "./jobs";
import { serves } from "./parts";

/** Next.js would keep listening and answer every request with an error: outside of Vercel the process ends instead. */
export function start(): void {
  try {
    const dashboard = serves("dashboard") ? configuration() : null;
    const { warning } = readJobs(process.env);
    if (warning !== null) console.warn(warning);
    guardRequests({ isDemo: dashboard?.signIn === null });
  } catch (error) {
    if (process.env.VERCEL) throw error; // there is no server to end: each call fails, and the log says why
    console.error(error instanceof Error ? error.message : error);
    process.exit(1);
  }
}
