// The policy of what an answer may load, with a new nonce for each, and 404 where the dashboard is not served. Who may
// see what is not decided here but where data are read: see auth/current_person.ts.
import { type NextRequest, NextResponse } from "next/server";
import { mailPolicy } from "./components/mail_policy";
import { serves } from "./config/parts";

function pagePolicy(nonce: string): string {
  const isDevelopment = process.env.NODE_ENV === "development";
  return [
    "default-src 'none'",
    `script-src 'nonce-${nonce}' 'strict-dynamic'${isDevelopment ? " 'unsafe-eval'" : ""}`,
    `style-src 'self'${isDevelopment ? " 'unsafe-inline'" : ` 'nonce-${nonce}'`}`,
    "img-src 'self'",
    "connect-src 'self'",
    "frame-src 'self'", // on every page, as navigation without a reload keeps the first page's policy
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join("; ");
}

export function proxy(request: NextRequest): NextResponse {
  if (!serves("dashboard"))
    return new NextResponse("Not found\n", {
      status: 404,
      headers: { "content-type": "text/plain; charset=utf-8", "content-security-policy": "default-src 'none'" },
    });
  const path = request.nextUrl.pathname;
  const policy = /^\/digests\/[^/]+\/mail$/.test(path) ? mailPolicy : pagePolicy(crypto.randomUUID());
  const headers = new Headers(request.headers);
  headers.set("content-security-policy", policy);
  headers.set("x-timesheet-path", path + request.nextUrl.search);
  const response = NextResponse.next({ request: { headers } });
  response.headers.set("content-security-policy", policy);
  return response;
}

// Jobs have their own rules: app/jobs/[job]/route.ts.
export const config = { matcher: "/((?!_next/static/|icon\\.svg$|jobs/[^/]+$).*)" };
