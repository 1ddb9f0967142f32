// A call of /jobs: one pass of timesheetd, and what became of it as JSON, or what it printed. Without the secret
// nothing is said about the system, whatever is asked.
import { constants } from "node:os";
import { jobs, type Jobs } from "../config/jobs.ts";
import { type Command, commandOf } from "./commands.ts";
import { programEnvironment, secretsOf } from "./environment.ts";
import { type Outcome, runProgram } from "./program.ts";
import { scrubber } from "./scrubber.ts";
import { isAuthorized } from "./secret.ts";

type Answer = { exit?: number | null; seconds?: number; message: string; probe?: unknown[] };

/** Exit statuses of timesheetd. */
const [succeeded, failed, lockHeld] = [0, 1, 75];
/** Of a program that SIGTERM ended before it caught signals. */
const killedByStop = 128 + constants.signals.SIGTERM;
/** Milliseconds by which a pass may outlast its time limit: an e-mail whose sending began is finished. */
const overrun = 35_000;
const maxMessage = 20_000;
const stopMessage = "stopped by SIGTERM of the platform; what was done is kept, and the next call goes on";

/** Of every answer: it is not kept, and a browser that shows it loads nothing. */
const guards = { "Cache-Control": "no-store", "Content-Security-Policy": "default-src 'none'" };

function respond(status: number, job: string, answer: Answer, headers: Record<string, string> = {}): Response {
  const { exit = null, seconds = 0, message, ...rest } = answer;
  return Response.json(
    { job, exit, seconds, message: message.slice(0, maxMessage), ...rest },
    { status, headers: { ...guards, ...headers } },
  );
}

/** A log line without its time and level, which the caller has no use for. */
export function messageOf(line: string): string {
  if (line.startsWith("{")) {
    try {
      const { message } = JSON.parse(line) as { message?: unknown }; // LOG_FORMAT=json
      if (typeof message === "string") return message;
    } catch {
      // shown as it is
    }
  }
  return line.replace(/^(?:\d{4}-\d\d-\d\dT[\d:.]+Z \w+ +|timesheetd: )/, "");
}

function findingsOf(output: string): unknown[] {
  try {
    const findings: unknown = JSON.parse(output);
    return Array.isArray(findings) ? findings : [];
  } catch {
    return [];
  }
}

/**
 * Whether the platform's SIGTERM ended the pass in order: what it did is kept, and the next call goes on, so it has not
 * failed. Another failure in the same moment is one.
 */
function isInOrder({ exit, lastLine, isStopped }: Outcome): boolean {
  if (!isStopped) return false;
  return exit === killedByStop || (exit === failed && lastLine.includes("stopped by SIGTERM"));
}

function reportOf(job: string, { exit, seconds, output, lastLine }: Outcome): Answer {
  const report = job === "check" ? output.trim() : "";
  const last = messageOf(lastLine);
  const ending = exit > 128 ? `timesheetd was ended by signal ${exit - 128}` : "";
  const message = [report, last, ending].filter(Boolean).join("\n") || (exit === succeeded ? "done" : "failed");
  return { exit, seconds, message, ...(job === "probe" && { probe: findingsOf(output) }) };
}

async function run(job: string, { words, isLimited, prints }: Command, settings: Jobs): Promise<Response> {
  const scrub = scrubber(secretsOf(process.env, settings));
  const longest = settings.seconds * 1000 + (isLimited ? overrun : 0);
  const environment = programEnvironment(process.env, settings);
  try {
    const outcome = await runProgram({ bundle: settings.bundle, words, environment, longest, scrub });
    // check, probe and metrics have nothing to go on with: one that was stopped did not say what it was asked.
    if (isLimited && isInOrder(outcome)) {
      const { exit, seconds } = outcome;
      return respond(200, job, { exit, seconds, message: stopMessage });
    }
    if (prints && outcome.exit === succeeded)
      return new Response(outcome.output, { headers: { ...guards, "Content-Type": prints } });
    const status = outcome.exit === succeeded ? 200 : outcome.exit === lockHeld ? 409 : 500;
    return respond(status, job, reportOf(job, outcome));
  } catch (error) {
    const why = scrub(error instanceof Error ? error.message : String(error));
    console.error(`timesheetd could not be started: ${why}`);
    return respond(500, job, {
      message: `timesheetd could not be started: ${why}; deploy what make vercel builds, or set JOBS_BUNDLE`,
    });
  }
}

/** The secret comes first: what else may be wrong is for those who have it. */
export async function answer(request: Request, job: string): Promise<Response> {
  const settings = jobs();
  if (!settings) return respond(404, job, { message: "not found" });
  if (!isAuthorized(request.headers.get("authorization"), settings.secret))
    return respond(401, job, { message: "the secret is missing or wrong" }, { "WWW-Authenticate": "Bearer" });
  if (settings.problem !== null) return respond(500, job, { message: settings.problem });
  if (request.method !== "GET" && request.method !== "POST")
    return respond(
      405,
      job,
      { message: `${request.method} is not supported; use GET or POST` },
      { Allow: "GET, POST" },
    );
  const command = commandOf(job, new URL(request.url).searchParams, settings.seconds);
  if ("status" in command) return respond(command.status, job, { message: command.message });
  if (command.needs && !process.env[command.needs]?.trim())
    return respond(200, job, { message: `not configured (${command.needs}); there is nothing to do` });
  return run(job, command, settings);
}
