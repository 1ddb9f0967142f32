// Each request to the portal before its page: the link of an e-mail becomes a cookie and an address without the token,
// and every answer gets a policy of what it may load.
import { type NextRequest, NextResponse } from "next/server";
import { mailPolicy } from "@/components/mail_policy";
import { type Portal, portalPath } from "@/config/portal";
import { withoutSlash } from "@/http/slashes";
import { endedOptions, openedCookie, openedOptions, tokenCookie, tokenOf, tokenOptions } from "./cookie";

export const linkPath = `${portalPath}/link`;
/** Set by the proxy alone: this page is the first after a link was opened. */
export const openedHeader = "x-timesheet-opened";

export function isPortal(path: string): boolean {
  return path === portalPath || path.startsWith(`${portalPath}/`);
}

function withoutTraces(response: NextResponse): NextResponse {
  response.headers.set("cache-control", "private, no-store");
  response.headers.set("referrer-policy", "no-referrer");
  response.headers.set("x-robots-tag", "noindex, nofollow, noarchive");
  return response;
}

/** What is opened from an e-mail. Nothing is looked up: a wrong token is found out by the page, as an old one is. */
function openDoor(request: NextRequest, isSecure: boolean): NextResponse {
  const token = tokenOf(request.nextUrl.searchParams.get("token"));
  const response = NextResponse.redirect(new URL(token ? portalPath : linkPath, request.url), 303);
  response.headers.set("content-security-policy", "default-src 'none'");
  if (token && request.method === "GET") {
    response.cookies.set(tokenCookie, token, tokenOptions(isSecure));
    response.cookies.set(openedCookie, "1", openedOptions(isSecure));
  }
  return withoutTraces(response);
}

/** The portal's answer, on its way to the page; `pagePolicy` is that of a page, with where pictures may come from. */
export function enterPortal(
  request: NextRequest,
  { url, logo }: Portal,
  pagePolicy: (images: string) => string,
): NextResponse {
  const isSecure = url.protocol === "https:";
  const { pathname: path, searchParams } = request.nextUrl;
  if (searchParams.has("token")) return openDoor(request, isSecure);
  const moved = withoutSlash(request);
  if (moved) return withoutTraces(moved);
  // A page answers no form: its form is sent to the address below it.
  if (request.method === "POST" && path === linkPath)
    return withoutTraces(NextResponse.redirect(new URL(`${linkPath}/send`, request.url), 307));
  const ofLogo = logo === null || logo.startsWith("/") ? "" : ` ${new URL(logo).origin}`;
  const policy = /^\/portal\/digests\/[^/]+\/mail$/.test(path) ? mailPolicy : pagePolicy(`'self'${ofLogo}`);
  const headers = new Headers(request.headers);
  headers.set("content-security-policy", policy);
  headers.delete("x-timesheet-path");
  headers.delete(openedHeader);
  // A browser that only guesses what will be looked at next has shown nothing yet.
  const isGuess = /prefetch|prerender/.test(request.headers.get("sec-purpose") ?? request.headers.get("purpose") ?? "");
  const isOpened =
    path === portalPath && request.method === "GET" && !isGuess && request.cookies.get(openedCookie) !== undefined;
  if (isOpened) headers.set(openedHeader, "1");
  const response = NextResponse.next({ request: { headers } });
  response.headers.set("content-security-policy", policy);
  if (isOpened) response.cookies.set(openedCookie, "", endedOptions(isSecure));
  return withoutTraces(response);
}
