import { connection } from "next/server";
import { notFound } from "next/navigation";
import { portal } from "@/config/portal";
import { withPortalError } from "@/portal/failures";
import { PortalFrame } from "@/portal/frame";

export default withPortalError(async function LinkPage() {
  await connection(); // the policy for scripts is a new one for every answer
  if (portal() === null) notFound();
  return (
    <PortalFrame page={null} title="Get a link to your hours">
      <p>
        The link in the newest weekly e-mail opens your hours. If you do not have it, give the address at which you get
        our e-mails, and we send you a fresh one.
      </p>
      <form className="ask" action="/portal/link/send" method="post">
        <label htmlFor="email">Your e-mail address</label>
        <input id="email" name="email" type="email" autoComplete="email" required maxLength={320} />
        <button className="button" type="submit">
          Send me a link
        </button>
      </form>
    </PortalFrame>
  );
});
