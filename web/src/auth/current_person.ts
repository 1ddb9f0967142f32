// Who is asking. Every read of data goes through here (data/read.ts), for pages and exports.
import { cache } from "react";
import { cookies, headers } from "next/headers";
import { forbidden, redirect } from "next/navigation";
import { configuration } from "@/config/configuration";
import { isLoopback } from "@/config/loopback";
import { isAllowed } from "./allow_list";
import { cookieName } from "./cookie";
import { returnPath } from "./return_path";
import { unseal } from "./sealed";
import { isStillValid } from "./session_starts";

export type Person = { address: string } | "demo";

/** The person, or null. The list is checked each time: a person who is removed from it is out at once. */
export const currentPerson = cache(async (): Promise<Person | null> => {
  const { signIn } = configuration();
  if (!signIn) {
    // A foreign name that resolves to this machine (DNS rebinding) is refused.
    const host = URL.parse(`http://${(await headers()).get("host")}`);
    if (!host || !isLoopback(host.hostname)) forbidden();
    return "demo";
  }
  const session = await unseal(signIn, "session", (await cookies()).get(cookieName(signIn, "session"))?.value);
  const address = session?.address;
  return typeof address === "string" &&
    isAllowed(address, signIn) &&
    isStillValid(signIn.sessionStarts, address, session?.iat)
    ? { address }
    : null;
});

/** The person; without a sign-in the answer leads to it, and from there back to the same page. */
export async function requirePerson(): Promise<Person> {
  const person = await currentPerson();
  if (person) return person;
  const path = returnPath((await headers()).get("x-timesheet-path"));
  redirect(path === "/" ? "/sign-in" : `/sign-in?next=${encodeURIComponent(path)}`);
}
