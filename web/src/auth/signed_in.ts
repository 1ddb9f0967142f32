// Who is asking. Every reading of data goes through here (data/read.ts), pages and exports alike.
import { cache } from "react";
import { cookies, headers } from "next/headers";
import { forbidden, redirect } from "next/navigation";
import { configuration, isLoopback } from "@/config/configuration";
import { isAllowed } from "./allow_list";
import { cookieName } from "./cookie";
import { returnPath } from "./return_path";
import { unseal } from "./sealed";
import { isStillValid } from "./session_starts";

export type Person = { address: string } | "demo";

/** The person, or null. The list is asked each time: who is struck off it is out at once. */
export const whoIsThere = cache(async (): Promise<Person | null> => {
  const { signIn } = configuration();
  if (!signIn) {
    // A name that leads here from elsewhere (DNS rebinding) is not this machine's own.
    const host = URL.parse(`http://${(await headers()).get("host")}`);
    if (!host || !isLoopback(host.hostname)) forbidden();
    return "demo";
  }
  const session = await unseal(signIn, "session", (await cookies()).get(cookieName(signIn, "session"))?.value);
  const address = session?.address;
  return typeof address === "string" && isAllowed(address, signIn) && isStillValid(signIn.sessionStarts, address, session?.iat) ? { address } : null;
});

/** The person; whoever is nobody is sent to sign in and comes back to the same page. */
export async function signedIn(): Promise<Person> {
  const person = await whoIsThere();
  if (person) return person;
  const path = returnPath((await headers()).get("x-timesheet-path"));
  redirect(path === "/" ? "/sign-in" : `/sign-in?next=${encodeURIComponent(path)}`);
}
