// The policy of what an answer may load, with a new nonce for each, and 404 for all that belongs to a part that is not
// served. Who may see what is not decided here but where data are read: see auth/current_person.ts, portal/visit.ts.
import { type NextRequest, NextResponse } from "next/server";
import { mailPolicy } from "./components/mail_policy";
import { configuration } from "./config/configuration";
import { serves } from "./config/parts";
import { portal } from "./config/portal";
import { withoutSlash } from "./http/slashes";
import { enterPortal, isPortal } from "./portal/door";
import { unitCookie, unitNames, unitOf } from "./range/hours_unit";

function pagePolicy(images: string): string {
  const nonce = crypto.randomUUID();
  const isDevelopment = process.env.NODE_ENV === "development";
  return [
    "default-src 'none'",
    `script-src 'nonce-${nonce}' 'strict-dynamic'${isDevelopment ? " 'unsafe-eval'" : ""}`,
    `style-src 'self'${isDevelopment ? " 'unsafe-inline'" : ` 'nonce-${nonce}'`}`,
    `img-src ${images}`,
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

function enterDashboard(request: NextRequest): NextResponse {
  const moved = withoutSlash(request);
  if (moved) return moved;
  const path = request.nextUrl.pathname;
  const policy = /^\/digests\/(?:seen\/)?[^/]+\/mail$/.test(path) ? mailPolicy : pagePolicy("'self'");
  const headers = new Headers(request.headers);
  headers.set("content-security-policy", policy);
  headers.set("x-timesheet-path", path + request.nextUrl.search);
  const response = NextResponse.next({ request: { headers } });
  response.headers.set("content-security-policy", policy);
  keepUnit(request, response);
  return response;
}

/** What the pages of each part load. */
function isFile(path: string): boolean {
  return path.startsWith("/_next/static/") || path === "/icon.svg";
}

function answer(request: NextRequest): NextResponse {
  const path = request.nextUrl.pathname;
  const hasDashboard = serves("dashboard");
  if (hasDashboard && !isPortal(path)) {
    configuration();
    return isFile(path) ? NextResponse.next() : enterDashboard(request);
  }
  const clients = portal();
  if (clients && isPortal(path)) return enterPortal(request, clients, pagePolicy);
  return clients && (isFile(path) || path === clients.logo) ? NextResponse.next() : refuse(404, "Not found");
}

export function proxy(request: NextRequest): NextResponse {
  try {
    return answer(request);
  } catch (error) {
    console.error(error instanceof Error ? error.message : error); // on Vercel alone: see config/start.ts
    return refuse(500, "This deployment is not configured. Its log says what is missing.");
  }
}

// Files too, so that a deployment without pages shows none. Jobs have their own rules: app/jobs/[job]/route.ts.
export const config = { matcher: "/((?!jobs/[^/]+$).*)" };
