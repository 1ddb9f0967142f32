// The cookie that keeps a person's token, for the portal's addresses alone. The addresses themselves never have it.
import { portalPath } from "../config/portal.ts";

export const tokenCookie = "timesheet_portal";
/** Set with the token, and taken by the first page that is shown: what counts as an opening. */
export const openedCookie = "timesheet_portal_opened";

/** As long as any link can be valid: whether one is, the database says for each page. */
const keptSeconds = 366 * 86_400;
const openedSeconds = 60;

/** A text that could be a token: a hash in 43 characters of base64url. */
export function tokenOf(text: string | null | undefined): string | null {
  return text && /^[A-Za-z0-9_-]{43}$/.test(text) ? text : null;
}

function options(isSecure: boolean, maxAge: number) {
  return { httpOnly: true, sameSite: "lax", secure: isSecure, path: portalPath, maxAge } as const;
}

export const tokenOptions = (isSecure: boolean) => options(isSecure, keptSeconds);
export const openedOptions = (isSecure: boolean) => options(isSecure, openedSeconds);
export const endedOptions = (isSecure: boolean) => options(isSecure, 0);
