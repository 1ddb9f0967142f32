/** Some providers write true as text. */
function saysTrue(claim: unknown): boolean | undefined {
  const text = typeof claim === "string" ? claim.toLowerCase() : claim;
  return text === true || text === "true" ? true : text === false || text === "false" ? false : undefined;
}

/** The address that the provider has verified, or null; trusts is for a provider that never says whether it has. */
export function verifiedAddress(claims: Readonly<Record<string, unknown>>, trusts: boolean): string | null {
  const says = saysTrue(claims.email_verified);
  const isVerified = says === true || (trusts && says !== false);
  return typeof claims.email === "string" && isVerified ? claims.email : null;
}
