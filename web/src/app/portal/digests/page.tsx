import { getDigests } from "@/portal/digests";
import { withPortalError } from "@/portal/failures";
import { PortalFrame } from "@/portal/frame";
import { visit } from "@/portal/visit";
import { zoneName } from "@/portal/words";
import { timeText } from "@/range/days";

export default withPortalError(async function Digests() {
  const {
    visit: { groups },
    data,
  } = await visit("digests", getDigests);
  const zone = zoneName(groups[0]?.timeZone ?? "UTC");
  return (
    <PortalFrame
      page="/portal/digests"
      title="E-mails"
      subtitle="The weekly e-mails that were sent to you, as they were sent."
    >
      <section className="panel" aria-label="E-mails">
        {data.length === 0 ? (
          <p className="empty">No weekly e-mail has been sent to you yet.</p>
        ) : (
          <ul className="list" data-list="digests">
            {data.map((digest) => (
              <li key={digest.id} data-digest={digest.id}>
                <p className="lead">
                  <a href={`/portal/digests/${digest.id}`} dir="auto">
                    {digest.subject}
                  </a>
                </p>
                <p className="more">
                  <span>
                    Sent {timeText(digest.sentAt)}, {zone}
                  </span>
                </p>
              </li>
            ))}
          </ul>
        )}
      </section>
    </PortalFrame>
  );
});
