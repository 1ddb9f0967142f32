// A failure of the portal, in words that need no script and say nothing of what is behind it.
import { unstable_rethrow } from "next/navigation";
import type { ReactNode } from "react";
import { isUnavailable } from "@/data/unavailable";
import { answerWith } from "@/http/incoming";

const secondsToWait = "5";
const title = "Your hours cannot be shown at the moment";
const text = "This is our fault, not yours, and nothing is lost. Please try again in a few minutes.";

function statusOf(error: unknown, what: string): { status: number; headers: Record<string, string> } {
  unstable_rethrow(error); // a redirect, or not found
  console.error(`${what} of the portal could not be loaded:`, error);
  return isUnavailable(error)
    ? { status: 503, headers: { "Retry-After": secondsToWait } }
    : { status: 500, headers: {} };
}

/** A page; a failure is shown in its place. */
export function withPortalError<Properties>(page: (properties: Properties) => Promise<ReactNode>) {
  return async function Page(properties: Properties): Promise<ReactNode> {
    try {
      return await page(properties);
    } catch (error) {
      const { status, headers } = statusOf(error, "a page");
      answerWith(status, headers);
      return (
        <main id="content" className="alone">
          <h1>{title}</h1>
          <p>{text}</p>
        </main>
      );
    }
  };
}

/** A file, or the answer to a form. */
export function withPortalFailure<Rest extends unknown[]>(answer: (...request: Rest) => Promise<Response>) {
  return async (...request: Rest): Promise<Response> => {
    try {
      return await answer(...request);
    } catch (error) {
      const { status, headers } = statusOf(error, "an answer");
      return new Response(`${title}. ${text}\n`, {
        status,
        headers: { ...headers, "Content-Type": "text/plain; charset=utf-8", "Cache-Control": "private, no-store" },
      });
    }
  };
}
