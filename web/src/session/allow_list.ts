import type { SignIn } from "@/config/configuration";

/** Whether the address is on the list, or in one of its domains; a subdomain is another domain. */
export function isAllowed(address: string, list: Pick<SignIn, "domains" | "addresses">): boolean {
  const known = address.trim().toLowerCase();
  const at = known.lastIndexOf("@");
  if (at < 1 || at === known.length - 1) return false;
  return list.addresses.includes(known) || list.domains.includes(known.slice(at + 1));
}
