import { NextResponse, type NextRequest } from "next/server";
import { portal } from "@/config/portal";
import { endedOptions, openedCookie, tokenCookie } from "@/portal/cookie";
import { linkPath } from "@/portal/door";
import { isFromPortal } from "@/portal/origin";

/** Forgets the link in this browser; it stays valid. */
export function POST(request: NextRequest): Response {
  const clients = portal();
  if (clients === null) return new Response("Not found\n", { status: 404 });
  // Another site's form cannot do it.
  if (!isFromPortal(request.headers, clients)) return new Response(null, { status: 403 });
  const response = new NextResponse(null, { status: 303, headers: { Location: linkPath } });
  const options = endedOptions(clients.url.protocol === "https:");
  for (const name of [tokenCookie, openedCookie]) response.cookies.set(name, "", options);
  return response;
}

export function GET(): Response {
  return new Response(null, { status: 303, headers: { Location: linkPath } });
}
