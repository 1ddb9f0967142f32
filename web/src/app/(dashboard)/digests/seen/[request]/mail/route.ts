import { type NextRequest } from "next/server";
import { mailPolicy } from "@/components/mail_policy";
import { withErrorResponse } from "@/http/failures";
import { loadSeenHtml } from "../load";

/** A digest as the contact sees it on the portal, under a policy by which nothing in it runs or loads. */
export const GET = withErrorResponse(
  async (request: NextRequest, { params }: { params: Promise<{ request: string }> }) => {
    const html = await loadSeenHtml((await params).request, request.nextUrl.searchParams.get("delivery") ?? undefined);
    const headers = { "Cache-Control": "private, no-store", "Content-Security-Policy": mailPolicy };
    if (html === null) return new Response("There is no such e-mail.", { status: 404, headers });
    return new Response(html, { headers: { ...headers, "Content-Type": "text/html; charset=utf-8" } });
  },
);
