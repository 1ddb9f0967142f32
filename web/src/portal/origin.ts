import type { Portal } from "@/config/portal";

/**
 * Whether a form was sent from a page of the portal. Browsers say how the sender's site relates to this one; older ones
 * name its origin alone, or no origin ("null") where a page sends no referrer, as the portal's do.
 */
export function isFromPortal(headers: Headers, { url }: Portal): boolean {
  const site = headers.get("sec-fetch-site");
  return site === null ? [url.origin, "null"].includes(headers.get("origin") ?? "") : site === "same-origin";
}
