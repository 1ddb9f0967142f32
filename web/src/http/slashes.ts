import { type NextRequest, NextResponse } from "next/server";

/** From an address that ends with a slash to the page without it; null for others. */
export function withoutSlash(request: NextRequest): NextResponse | null {
  const { pathname: path } = request.nextUrl;
  if (path === "/" || !path.endsWith("/")) return null;
  const target = new URL(request.url);
  // Not two at its beginning either, after which a browser would look for a host.
  target.pathname = `/${path.split("/").filter(Boolean).join("/")}`;
  return NextResponse.redirect(target, 308);
}
