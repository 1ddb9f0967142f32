import { redirect } from "next/navigation";
import { stateOf } from "@/range/state";
import { returnPath } from "@/auth/return_path";
import { currentPerson } from "@/auth/current_person";

export const metadata = { title: "Sign in" };

// A map, as its keys come from an address: an object has members of its own, such as constructor.
const messages = new Map(
  Object.entries({
    refused:
      "That address is not on the list of those who may read the hours. " +
      "Ask the administrator of this dashboard to add it.",
    unverified: "The provider has not verified that account's address, so it cannot be compared with the list.",
    expired: "The sign-in took too long, or was started in another browser. Please start again.",
    failed: "The sign-in was not completed. Please start again.",
    provider: "The sign-in provider does not answer at the moment. Please try again in a minute.",
    "signed-out": "You have signed out.",
  }),
);

export default async function SignIn({
  searchParams,
}: {
  searchParams: Promise<Record<string, string | string[] | undefined>>;
}) {
  const given = await searchParams;
  const state = stateOf(given);
  // Not from the state, which shortens long values: a shortened path leads elsewhere.
  const next = returnPath(typeof given.next === "string" ? given.next : null);
  if ((await currentPerson()) && !state.problem) redirect(next);
  const message = messages.get(state.problem ?? "");
  return (
    <main id="content" className="alone">
      <p className="brand">Timesheet</p>
      <h1>Sign in</h1>
      {message && (
        <p className="message" role="alert">
          {message}
        </p>
      )}
      <p>Hours are for the agency&apos;s staff. Sign in with your work account.</p>
      <p>
        <a className="button" href={`/sign-in/start${next === "/" ? "" : `?next=${encodeURIComponent(next)}`}`}>
          Continue to sign in
        </a>
      </p>
    </main>
  );
}
