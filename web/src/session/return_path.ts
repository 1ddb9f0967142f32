/** Where to go after signing in: a path of ours, or the front page. */
export function returnPath(wanted: string | null | undefined): string {
  const base = "https://here.invalid";
  const url = wanted?.startsWith("/") ? URL.parse(wanted, base) : null;
  return url && url.origin === base && !url.pathname.startsWith("//") && !url.pathname.startsWith("/sign-") ? url.pathname + url.search : "/";
}
