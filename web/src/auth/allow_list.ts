import type { SignIn } from "@/config/configuration";

// What HTML accepts as an address: ASCII letters only, so that none merely looks like another, and one @.
const local = /^[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}$/i;
const domain = /^(?=.{1,253}$)[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)*$/i;

export function isDomain(text: string): boolean {
  return domain.test(text);
}

export function isAddress(text: string): boolean {
  const parts = text.split("@");
  return parts.length === 2 && local.test(parts[0] ?? "") && isDomain(parts[1] ?? "");
}

/** Whether the address is on the list, or in one of its domains; a subdomain is another domain. */
export function isAllowed(address: string, list: Pick<SignIn, "domains" | "addresses">): boolean {
  if (!isAddress(address)) return false;
  const known = address.toLowerCase();
  return list.addresses.includes(known) || list.domains.includes(known.slice(known.indexOf("@") + 1));
}
