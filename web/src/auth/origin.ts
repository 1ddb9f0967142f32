import { configuration } from "@/config/configuration";
import { isLoopback } from "@/config/loopback";

/**
 * Whether a form was sent from a page of ours: browsers name the origin of every POST. Newer ones also say how that
 * site relates to this one.
 */
export function isFromHere(headers: Headers): boolean {
  const origin = URL.parse(headers.get("origin") ?? "");
  const site = headers.get("sec-fetch-site");
  if (!origin || (site !== null && site !== "same-origin")) return false;
  const { signIn } = configuration();
  if (signIn) return origin.origin === signIn.baseUrl.origin;
  return origin.protocol === "http:" && isLoopback(origin.hostname) && origin.host === headers.get("host");
}
