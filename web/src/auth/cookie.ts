import type { SignIn } from "@/config/configuration";
import type { Purpose } from "./sealed";

/** The __Host- prefix ties a cookie to this host; it needs https. */
export function cookieName(signIn: SignIn, purpose: Purpose): string {
  return `${signIn.baseUrl.protocol === "https:" ? "__Host-" : ""}timesheet-${purpose}`;
}

export function cookieOptions(signIn: SignIn, seconds: number) {
  return {
    httpOnly: true,
    sameSite: "lax",
    secure: signIn.baseUrl.protocol === "https:",
    path: "/",
    maxAge: Math.floor(seconds),
  } as const;
}
