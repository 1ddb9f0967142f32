// The policy of what an answer may load, with a new nonce for each, and 404 for all that is the dashboard's where it is
// not served. Who may see what is not decided here but where data are read: see auth/current_person.ts.
import { type NextRequest, NextResponse } from "next/server";
import { mailPolicy } from "./components/mail_policy";
import { configuration } from "./config/configuration";
import { serves } from "./config/parts";
import { unitCookie, unitNames, unitOf } from "./range/hours_unit";

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

function refuse(status: number, text: string): NextResponse {
  return new NextResponse(`${text}\n`, {
    status,
    headers: { "content-type": "text/plain; charset=utf-8", "content-security-policy": "default-src 'none'" },
  });
}

/** The answer where the dashboard is not served; else null. */
function refusal(): NextResponse | null {
  try {
    if (!serves("dashboard")) return refuse(404, "Not found");
    configuration();
    return null;
  } catch (error) {
    console.error(error instanceof Error ? error.message : error); // on Vercel alone: see config/start.ts
    return refuse(500, "This deployment is not configured. Its log says what is missing.");
  }
}

/** Keeps how hours are written, once an address has said it. */
function keepUnit(request: NextRequest, response: NextResponse): void {
  const unit = unitOf(request.nextUrl.searchParams.get("hours") ?? undefined);
  if (unit === null || request.cookies.get(unitCookie)?.value === unitNames[unit]) return;
  response.cookies.set(unitCookie, unitNames[unit], {
    httpOnly: true,
    sameSite: "lax",
    secure: configuration().signIn?.baseUrl.protocol === "https:",
    path: "/",
    maxAge: 365 * 86_400,
  });
}

export function proxy(request: NextRequest): NextResponse {
  const refused = refusal();
  if (refused) return refused;
  const path = request.nextUrl.pathname;
  // Files, which load nothing.
  if (path.startsWith("/_next/static/") || path === "/icon.svg") return NextResponse.next();
  const policy = /^\/digests\/[^/]+\/mail$/.test(path) ? mailPolicy : pagePolicy(crypto.randomUUID());
  const headers = new Headers(request.headers);
  headers.set("content-security-policy", policy);
  headers.set("x-timesheet-path", path + request.nextUrl.search);
  const response = NextResponse.next({ request: { headers } });
  response.headers.set("content-security-policy", policy);
  keepUnit(request, response);
  return response;
}

// Files too, so that a deployment without the dashboard shows none. Jobs have their own rules: app/jobs/[job]/route.ts.
export const config = { matcher: "/((?!jobs/[^/]+$).*)" };
