// Where a digest's unsubscribe link leads, also for an e-mail program's own button (RFC 8058). Everybody who has the
// link may use it; the answer is the same for every token, so that none can be found by trying.
import type { NextRequest } from "next/server";
import { canUnsubscribe, unsubscribe } from "@/data/unsubscribe";
import { bodyOf } from "@/http/body";
import { isUuid } from "@/range/state";

const maxBodyBytes = 4096;

/** The only part from outside is a token that is a UUID. */
function answer(request: NextRequest, status: number, title: string, body: string): Response {
  const nonce = /'nonce-([\w-]+)'/.exec(request.headers.get("content-security-policy") ?? "")?.[1] ?? "";
  const style =
    "body{font:16px/1.5 system-ui,sans-serif;max-width:32rem;margin:12vh auto;padding:0 1.25rem}" +
    "h1{font-size:1.4rem}button{font:inherit;padding:.6rem 1.2rem}";
  const html = `<!DOCTYPE html>
<html lang="en-GB"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark"><title>${title}</title><style nonce="${nonce}">${style}</style></head>
<body><main><h1>${title}</h1>${body}</main></body></html>`;
  return new Response(html, {
    status,
    headers: {
      "Content-Type": "text/html; charset=utf-8",
      "Cache-Control": "no-store",
      ...(status === 503 && { "Retry-After": "5" }),
    },
  });
}

function refusal(request: NextRequest): Response | null {
  if (!canUnsubscribe())
    return answer(
      request,
      501,
      "Unsubscribing is not set up here",
      "<p>Please reply to the e-mail instead, and you will be removed from the list.</p>" +
        "<p>For the administrator: set UNSUBSCRIBE_DATABASE_URL to the database as the role timesheet_unsubscribe; " +
        "web/README.md says how.</p>",
    );
  if (!isUuid(request.nextUrl.searchParams.get("token") ?? ""))
    return answer(
      request,
      400,
      "This link is incomplete",
      "<p>Please copy the whole link from the e-mail, or reply to it.</p>",
    );
  return null;
}

/** Asks first: programs that open every link of an e-mail must not unsubscribe a person. */
export function GET(request: NextRequest): Response {
  const token = request.nextUrl.searchParams.get("token") ?? "";
  return (
    refusal(request) ??
    answer(
      request,
      200,
      "Unsubscribe from the weekly digest?",
      `<p>You will no longer receive the weekly hours by e-mail.</p>` +
        `<form method="post" action="/unsubscribe?token=${token.toLowerCase()}">` +
        `<input type="hidden" name="List-Unsubscribe" value="One-Click">` +
        `<button type="submit">Unsubscribe</button></form>`,
    )
  );
}

export async function POST(request: NextRequest): Promise<Response> {
  const refused = refusal(request);
  if (refused) return refused;
  const body = await bodyOf(request, maxBodyBytes).catch(() => new Uint8Array());
  if (body === null)
    return answer(
      request,
      413,
      "The request is too large",
      "<p>Please use the button on the page that the link opens.</p>",
    );
  const form = await new Response(body, { headers: { "content-type": request.headers.get("content-type") ?? "" } })
    .formData()
    .catch(() => null);
  if (form?.get("List-Unsubscribe") !== "One-Click")
    return answer(request, 400, "Nothing was changed", "<p>Please use the button on the page that the link opens.</p>");
  try {
    await unsubscribe(request.nextUrl.searchParams.get("token") ?? "");
  } catch (error) {
    console.error("unsubscribing failed:", error instanceof Error ? error.message : error);
    return answer(
      request,
      503,
      "This did not work",
      "<p>Nothing was changed. Please try again later, or reply to the e-mail.</p>",
    );
  }
  return answer(
    request,
    200,
    "You are unsubscribed",
    "<p>If this link was sent to you, you will no longer receive the weekly digest. " +
      "To receive it again, reply to any of our e-mails.</p>",
  );
}
