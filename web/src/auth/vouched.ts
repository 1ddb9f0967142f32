/** Claims are JSON of a provider's: some write true as text. */
function saysTrue(claim: unknown): boolean | undefined {
  const text = typeof claim === "string" ? claim.toLowerCase() : claim;
  return text === true || text === "true" ? true : text === false || text === "false" ? false : undefined;
}

/** The address that the provider vouches for, or null; trusts is for a provider that never says whether it does. */
export function vouchedAddress(claims: Readonly<Record<string, unknown>>, trusts: boolean): string | null {
  const says = saysTrue(claims.email_verified);
  const isVouchedFor = says === true || (trusts && says !== false);
  return typeof claims.email === "string" && isVouchedFor ? claims.email : null;
}
