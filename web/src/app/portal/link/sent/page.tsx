import { connection } from "next/server";
import { notFound } from "next/navigation";
import { portal } from "@/config/portal";
import { withPortalError } from "@/portal/failures";
import { PortalFrame } from "@/portal/frame";

export default withPortalError(async function SentPage() {
  await connection();
  if (portal() === null) notFound();
  return (
    <PortalFrame page={null} title="Look at your e-mails">
      <p data-answer>
        If this is an address to which we send hours, an e-mail with a fresh link will be there in about ten minutes.
      </p>
      <p>
        <a href="/portal/link">Give another address</a>
      </p>
    </PortalFrame>
  );
});
