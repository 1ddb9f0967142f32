// What a form's answer says on the page that it leads to. Sealed, so that no link of others can put words there.
import { configuration } from "@/config/configuration";
import { seal, unseal } from "@/auth/sealed";

const seconds = 600;

/** The demo has no secret of its own; it answers to this machine alone. */
function secret(): { sessionSecret: string } {
  const { signIn, operators } = configuration();
  return signIn ?? { sessionSecret: operators?.databaseUrl ?? "" };
}

export async function sealMessage(text: string): Promise<string> {
  return seal(secret(), "message", { text }, seconds);
}

export async function messageOf(sealed: string | string[] | undefined): Promise<string | null> {
  if (typeof sealed !== "string") return null;
  const content = await unseal(secret(), "message", sealed);
  return typeof content?.text === "string" ? content.text : null;
}
