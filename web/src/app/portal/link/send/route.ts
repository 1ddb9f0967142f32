// The form for a fresh link. The answer and its time are the same for every address and every text, and do not depend
// on the database: who asks learns nothing of who is a client. It can be sent from anywhere: a program that can name an
// address can also fill in the page's form.
import { after, type NextRequest } from "next/server";
import { portal } from "@/config/portal";
import { bodyOf } from "@/http/body";
import { withPortalFailure } from "@/portal/failures";
import { requestLink } from "@/portal/visit";

const maxBodyBytes = 4096;
/** From when a request comes: reading the form takes less. */
const answerMilliseconds = 500;

function leadTo(path: string): Response {
  return new Response(null, { status: 303, headers: { Location: path, "Cache-Control": "private, no-store" } });
}

/** What was typed, or nothing: whatever was sent instead of the form is stored as no address would be. */
async function addressIn(request: NextRequest): Promise<string> {
  const body = await bodyOf(request, maxBodyBytes).catch(() => null);
  const text = new TextDecoder().decode(body ?? new Uint8Array());
  return (new URLSearchParams(text).get("email") ?? "").replaceAll("\0", "").trim();
}

export const POST = withPortalFailure(async (request: NextRequest) => {
  if (portal() === null) return new Response("Not found\n", { status: 404 });
  const waited = new Promise((resolve) => setTimeout(resolve, answerMilliseconds));
  const address = await addressIn(request);
  const stored = requestLink(address);
  after(() => stored);
  await waited;
  return leadTo("/portal/link/sent");
});

/** Where a browser reloads what it sent. */
export function GET(): Response {
  return leadTo("/portal/link");
}
