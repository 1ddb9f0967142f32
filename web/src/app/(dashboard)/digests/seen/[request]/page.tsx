import type { Metadata } from "next";
import { ActionLink, ActionLinks } from "@/components/action_link";
import { DocLink } from "@/components/doc_link";
import { Frame } from "@/components/frame";
import type { Search } from "@/components/parameters";
import { withErrorPage } from "@/http/failures";
import { timeText } from "@/range/days";
import { inState, rangeText } from "@/range/range";
import { address, idOf, stateOf } from "@/range/state";
import { DataTable } from "@/table/data_table";
import { countText } from "@/table/figures";
import { dayColumns, digestColumns, noteColumns, timesColumns, weekColumns } from "./columns";
import { loadSeen } from "./load";

export const metadata: Metadata = { title: "What a contact sees" };

export default withErrorPage(async function Seen({
  params,
  searchParams,
}: {
  params: Promise<{ request: string }>;
  searchParams: Search;
}) {
  const state = stateOf(await searchParams);
  const { request } = await params;
  const { look, calendar, range, seen } = await loadSeen(request, state);
  const path = `/digests/seen/${request}`;
  const zone = calendar.timeZone;
  const again = (
    <ActionLink action="view_portal" values={{ email: look.email }} isComplete>
      Show it again
    </ActionLink>
  );
  const frame = {
    section: "/digests" as const,
    title: `What ${look.email} sees`,
    path,
    state,
    trail: { path: "/digests", name: "Digests" },
    subtitle: `On the clients' portal. Shown to ${look.actor}, and recorded at ${timeText(look.at)} (${zone}).`,
  };
  if (!seen)
    return (
      <Frame {...frame}>
        <p className="message">
          {look.isOver
            ? "It was shown for one hour, which is over. To look once more is recorded once more."
            : look.nothingBecause
              ? `The contact sees nothing at present, with whatever link: ${look.nothingBecause}.`
              : "This contact is not listed any more, so the portal shows it nothing."}
        </p>
        {look.isOver && <ActionLinks>{again}</ActionLinks>}
      </Frame>
    );
  const csv = (table: string) => address(`${path}/csv`, { ...inState(range), table });
  const shared = {
    path,
    state,
    order: null,
    rounding: (
      <p className="hint">Hours are rounded as in the digest of their week, so that they add up to the same.</p>
    ),
  };
  const chosen = seen.digests.find((d) => d.id === idOf(state.delivery)) ?? seen.digests[0];
  return (
    <Frame {...frame} range={{ range, calendar }}>
      <p className="hint">
        {look.liveLinks > 0
          ? `The contact has ${countText(look.liveLinks)} link${look.liveLinks === 1 ? "" : "s"} that ` +
            `work${look.liveLinks === 1 ? "s" : ""} now, until ${timeText(look.validUntil)} (${zone}).`
          : "The contact has no link that works now, so it sees nothing. With one, it sees this."}{" "}
        <DocLink to="portal.md#what-a-contact-sees">What the portal shows</DocLink>
      </p>
      <DataTable
        {...shared}
        id="seen-weeks"
        caption={`13 weeks, ${rangeText(seen.shown)}`}
        columns={weekColumns}
        rows={seen.weeks}
        rowKey={(w) => w.key}
        csv={csv("weeks")}
        empty="No work in these weeks."
      />
      <DataTable
        {...shared}
        id="seen-days"
        caption={`Hours of ${rangeText(range)}`}
        columns={dayColumns}
        rows={seen.days}
        rowKey={(d) => d.key}
        csv={csv("days")}
        empty={`No work in ${rangeText(range)}.`}
      />
      <DataTable
        {...shared}
        id="seen-times"
        caption={`Clock-in and clock-out, ${rangeText(range)}`}
        columns={timesColumns}
        rows={seen.times}
        rowKey={(t) => t.key}
        csv={csv("times")}
        empty={`No day with work in ${rangeText(range)}.`}
      />
      <DataTable
        {...shared}
        id="seen-notes"
        caption={`Notes and corrections, ${rangeText(range)}`}
        columns={noteColumns(zone)}
        rows={seen.notes}
        rowKey={(n) => n.key}
        csv={csv("notes")}
        empty={`No notes in ${rangeText(range)}.`}
      />
      <DataTable
        {...shared}
        id="seen-digests"
        caption="Digests"
        columns={digestColumns(zone, (id) => `${address(path, { ...state, delivery: String(id) })}#seen-mail`)}
        rows={seen.digests}
        rowKey={(d) => d.id}
        csv={csv("digests")}
        empty="No digest that the contact may see was sent."
      />
      {chosen?.hasHtml && (
        <section className="panel" aria-labelledby="seen-mail">
          <div className="panel-head">
            <h2 id="seen-mail">{chosen.subject}</h2>
            <p className="detail">As the contact sees it: without links that work. Nothing in it can run.</p>
          </div>
          <iframe
            className="mail"
            sandbox=""
            src={address(`${path}/mail`, { delivery: String(chosen.id) })}
            title={`The e-mail “${chosen.subject}”`}
            referrerPolicy="no-referrer"
            loading="lazy"
          />
        </section>
      )}
      <ActionLinks>
        {look.liveLinks > 0 && (
          <ActionLink action="revoke_portal_links" values={{ email: look.email }} isComplete>
            Revoke links
          </ActionLink>
        )}
      </ActionLinks>
    </Frame>
  );
});
