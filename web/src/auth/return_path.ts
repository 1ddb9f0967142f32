const maxLength = 1000; // it is kept in a cookie meanwhile, which browsers cut or refuse above 4 KB

/** Where to go after signing in: a path of the dashboard, or its front page. */
export function returnPath(wanted: string | null | undefined): string {
  const base = "https://here.invalid";
  const url = wanted?.startsWith("/") && wanted.length <= maxLength ? URL.parse(wanted, base) : null;
  return url && url.origin === base && !url.pathname.startsWith("//") && !url.pathname.startsWith("/sign-")
    ? url.pathname + url.search
    : "/";
}
