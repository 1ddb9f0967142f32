// A failure is answered with its status and in words that need no script, on pages and in exports. Next.js's own answer
// is an empty document that a script fills.
import { headers } from "next/headers";
import { unstable_rethrow } from "next/navigation";
import type { ReactNode } from "react";
import { isUnavailable } from "@/data/unavailable";
import { returnPath } from "@/auth/return_path";
import { answerWith } from "./incoming";

type Failure = { status: number; headers: Record<string, string>; title: string; text: string; reference: string };

const secondsToWait = 5;

function failureOf(error: unknown, what: string): Failure {
  unstable_rethrow(error); // a redirect, or not found
  const reference = crypto.randomUUID().slice(0, 8);
  if (isUnavailable(error)) {
    console.error(
      `${what} could not be loaded, the database is unavailable (${reference}):`,
      error instanceof Error && error.message ? error.message : error,
    );
    return {
      status: 503,
      headers: { "Retry-After": String(secondsToWait) },
      title: "The database is not available at the moment",
      text:
        `It is busy or down. Please try again in ${secondsToWait} seconds, or with fewer days. ` +
        "The hours are safe: showing a page only reads them.",
      reference,
    };
  }
  console.error(`${what} could not be loaded (${reference}):`, error);
  return {
    status: 500,
    headers: {},
    title: "This could not be loaded",
    text: "The database answered with an error. The hours are safe: showing a page only reads them.",
    reference,
  };
}

/** A page; a failure is shown in its place. */
export function withErrorPage<Properties>(page: (properties: Properties) => Promise<ReactNode>) {
  return async function Page(properties: Properties): Promise<ReactNode> {
    try {
      return await page(properties);
    } catch (error) {
      const failure = failureOf(error, "a page");
      answerWith(failure.status, failure.headers);
      return (
        <main id="content" className="alone">
          <h1>{failure.title}</h1>
          <p>{failure.text}</p>
          <p>
            <a className="button" href={returnPath((await headers()).get("x-timesheet-path"))}>
              Try again
            </a>
          </p>
          <p className="hint">{`The server's log has the reason under ${failure.reference}.`}</p>
        </main>
      );
    }
  };
}

/** An export; one that fails before it begins is no file. */
export function withErrorResponse<Rest extends unknown[]>(answer: (...request: Rest) => Promise<Response>) {
  return async (...request: Rest): Promise<Response> => {
    try {
      return await answer(...request);
    } catch (error) {
      const { status, headers: more, title, text, reference } = failureOf(error, "an export");
      return new Response(`${title}. ${text} The server's log has the reason under ${reference}.\n`, {
        status,
        headers: { ...more, "Content-Type": "text/plain; charset=utf-8", "Cache-Control": "no-store" },
      });
    }
  };
}
