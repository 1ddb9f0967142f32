// The clients' portal: where it is, whose it is, and the connection that reads for it.
import { isLoopback } from "./loopback.ts";
import { partsOf } from "./parts.ts";

export type Portal = {
  /** The database as a login in the role timesheet_portal. */
  databaseUrl: string;
  /** Where clients open it, as in the e-mails. */
  url: URL;
  /** The agency's name; null for none. */
  name: string | null;
  /** The address of the agency's logo, a path or a URL; null for none. */
  logo: string | null;
};

type Environment = Readonly<Record<string, string | undefined>>;
type Read = { portal: Portal | null; problem: string | null; warning: string | null };

/** Where the pages are, in every deployment. */
export const portalPath = "/portal";
const longestName = 100;
const others = ["DATABASE_URL", "UNSUBSCRIBE_DATABASE_URL", "OPERATOR_DATABASE_URL", "JOBS_DATABASE_URL"];

function isSafe(url: URL): boolean {
  return url.protocol === "https:" || (url.protocol === "http:" && isLoopback(url.hostname));
}

function problemOfUrl(text: string, url: URL | null): string[] {
  if (text === "")
    return ["PORTAL_URL is not set: give the address of the portal, such as https://hours.example/portal"];
  const isRight =
    url && isSafe(url) && url.pathname === portalPath && !url.username && !url.password && !/[?#]/.test(text);
  return isRight ? [] : [`PORTAL_URL is "${text}", which is no address such as https://hours.example${portalPath}`];
}

function problemOfLogo(logo: string | null): string[] {
  if (logo === null || /^\/(?![/\\])[\w./~%-]*$/.test(logo)) return [];
  const url = /[\s"'<>\\]/.test(logo) ? null : URL.parse(logo);
  return url && isSafe(url) && !url.username && !url.password
    ? []
    : [`PORTAL_LOGO is "${logo}", which is no path and no URL such as https://agency.example/logo.svg`];
}

/** With a wrong WEB_PARTS nothing is served, and others say so. */
function partsNamed(text: string | undefined): { isServed: boolean; isNamed: boolean } {
  try {
    const isServed = partsOf(text).has("portal");
    return { isServed, isNamed: isServed && Boolean(text?.trim()) };
  } catch {
    return { isServed: false, isNamed: false };
  }
}

/** The portal is null where it is not served; `warning` says why, if that seems not to be wanted. */
export function readPortal(environment: Environment): Read {
  const { isServed, isNamed } = partsNamed(environment.WEB_PARTS);
  if (!isServed) return { portal: null, problem: null, warning: null };
  const databaseUrl = environment.PORTAL_DATABASE_URL?.trim() ?? "";
  const name = environment.PORTAL_NAME?.trim() || null;
  const logo = environment.PORTAL_LOGO?.trim() || null;
  if (databaseUrl === "") {
    const isWanted = isNamed || name !== null || logo !== null;
    return {
      portal: null,
      problem: null,
      warning: isWanted ? `${portalPath} answers 404: PORTAL_DATABASE_URL is not set` : null,
    };
  }
  const text = environment.PORTAL_URL?.trim() ?? "";
  const url = URL.parse(text);
  const same = others.find((other) => environment[other]?.trim() === databaseUrl);
  const problems = [
    ...(same ? [`PORTAL_DATABASE_URL is ${same}: it is for the role timesheet_portal`] : []),
    ...problemOfUrl(text, url),
    ...problemOfLogo(logo),
    ...(name !== null && name.length > longestName ? [`PORTAL_NAME has more than ${longestName} characters`] : []),
  ];
  if (problems.length > 0 || url === null)
    return { portal: null, problem: `the portal is not configured: ${problems.join("; ")}`, warning: null };
  return { portal: { databaseUrl, url, name, logo }, problem: null, warning: null };
}

let known: Read | undefined;

/** Null where it is not served; throws where it is not configured well. */
export function portal(): Portal | null {
  known ??= readPortal(process.env);
  if (known.problem !== null) throw new Error(known.problem);
  return known.portal;
}
