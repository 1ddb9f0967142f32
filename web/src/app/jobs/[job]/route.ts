// What pg_cron in the database calls, so that the feed needs no machine: see jobs/answer.ts.
import type { NextRequest } from "next/server";
import { answer } from "@/jobs/answer";

/** Seconds; config/jobs.ts keeps a pass within it. */
export const maxDuration = 300;

type Context = { params: Promise<{ job: string }> };

async function handle(request: NextRequest, { params }: Context): Promise<Response> {
  return answer(request, (await params).job);
}

// All of them: Next.js would make a HEAD run the job, and answer the others before the secret was checked.
export {
  handle as DELETE,
  handle as GET,
  handle as HEAD,
  handle as OPTIONS,
  handle as PATCH,
  handle as POST,
  handle as PUT,
};
