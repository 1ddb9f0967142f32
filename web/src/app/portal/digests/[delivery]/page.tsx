import { redirect } from "next/navigation";
import { getDigest } from "@/portal/digests";
import { withPortalError } from "@/portal/failures";
import { PortalFrame } from "@/portal/frame";
import { visit } from "@/portal/visit";
import { zoneName } from "@/portal/words";
import { timeText } from "@/range/days";
import { idOf } from "@/range/state";

export default withPortalError(async function DigestPage({ params }: { params: Promise<{ delivery: string }> }) {
  const id = idOf((await params).delivery);
  const {
    visit: { groups },
    data,
  } = await visit(`digest ${id}`, async (sql, visit) => (id === null ? null : getDigest(sql, visit, id)));
  if (data === null) redirect("/portal/digests");
  return (
    <PortalFrame
      page="/portal/digests"
      path={`/portal/digests/${data.id}`}
      title={data.subject}
      name="E-mail"
      subtitle={`Sent ${timeText(data.sentAt)}, ${zoneName(groups[0]?.timeZone ?? "UTC")}`}
    >
      <p>
        <a href={`/portal/week/${data.week}`}>This week as it is known now</a>
      </p>
      <section className="panel" aria-label="The e-mail">
        {data.html === null ? (
          <p className="empty">The text of this e-mail is not kept any more.</p>
        ) : (
          <iframe
            className="mail"
            sandbox=""
            src={`/portal/digests/${data.id}/mail`}
            title={`The e-mail “${data.subject}”`}
            referrerPolicy="no-referrer"
          />
        )}
      </section>
    </PortalFrame>
  );
});
