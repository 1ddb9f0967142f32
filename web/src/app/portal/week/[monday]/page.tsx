import { redirect } from "next/navigation";
import { portalPath } from "@/config/portal";
import { DayList } from "@/portal/day_list";
import { withPortalError } from "@/portal/failures";
import { PortalFrame } from "@/portal/frame";
import { HoursTable } from "@/portal/hours_table";
import { NoteList } from "@/portal/note_list";
import { total } from "@/portal/sums";
import { visit } from "@/portal/visit";
import { loadWeek, sumColumns } from "@/portal/week";
import { asOfText, listOf, unconfirmedSentence, weekText, zonesText } from "@/portal/words";
import { hundredth } from "@/range/hours_unit";
import { hoursText } from "@/table/figures";

export default withPortalError(async function WeekPage({ params }: { params: Promise<{ monday: string }> }) {
  const address = (await params).monday;
  const {
    visit: { groups },
    data,
  } = await visit(`week ${address}`, (sql, visit) => loadWeek(sql, visit, address));
  if (data === null) redirect(portalPath);
  const { week, hasGroups, rows } = data;
  const path = (of: string) => `${portalPath}/week/${of}`;
  const csv = (table: string) => `${path(week)}/csv?table=${table}`;
  const [unconfirmed, breaks] = [total(rows, "unconfirmed"), total(rows, "breaks")];
  const sums = [
    ...(hasGroups ? [{ id: "clients", caption: "By client", label: "Client", rows: data.groups }] : []),
    { id: "agents", caption: "By agent", label: "Agent", rows: data.agents },
    { id: "activities", caption: "By activity", label: "Activity", rows: data.activities },
  ];
  return (
    <PortalFrame
      page={portalPath}
      path={path(week)}
      title={weekText(week, groups)}
      subtitle={
        <>
          {listOf(
            groups.map((group) => group.name),
            4,
          )}
          {data.isLive && (
            <>
              {" · "}
              <span data-as-of>{asOfText(groups)}</span>
            </>
          )}
        </>
      }
    >
      <nav className="steps" aria-label="Weeks">
        {data.before && (
          <a className="button quiet" href={path(data.before)} rel="prev">
            ← Week before
          </a>
        )}
        {data.after && (
          <a className="button quiet" href={path(data.after)} rel="next">
            Week after →
          </a>
        )}
      </nav>
      <dl className="tiles">
        <div className="tile">
          <dt>Hours</dt>
          <dd>
            <span className="figure" data-figure="hours">
              {hoursText(total(rows), hundredth)} h
            </span>
          </dd>
        </div>
        <div className="tile">
          <dt>Of which unconfirmed</dt>
          <dd>
            <span className={unconfirmed > 0 ? "figure unconfirmed" : "figure"} data-figure="unconfirmed">
              {hoursText(unconfirmed, hundredth)} h
            </span>
          </dd>
        </div>
        <div className="tile">
          <dt>Breaks, not counted</dt>
          <dd>
            <span className="figure" data-figure="breaks">
              {hoursText(breaks, hundredth)} h
            </span>
          </dd>
        </div>
      </dl>
      {unconfirmed > 0 && (
        <p className="message" data-unconfirmed>
          {unconfirmedSentence}
        </p>
      )}
      <NoteList
        id="corrections"
        caption="Corrections"
        about="These days changed after the e-mail about this week was sent."
        notes={data.corrections}
        hasGroups={hasGroups}
        csv={csv("corrections")}
      />
      {sums.map(({ id, caption, label, rows: of }) => (
        <HoursTable
          key={id}
          id={id}
          caption={caption}
          columns={sumColumns(label, of, id === "agents" && hasGroups)}
          rows={of}
          rowKey={(row) => row.key}
          csv={csv(id)}
          empty="No hours in this week."
        />
      ))}
      <DayList rows={data.days} hasGroups={hasGroups} csv={csv("days")} />
      <NoteList
        id="notes"
        caption="Notes"
        about="What you should know about some of these hours."
        notes={data.notes}
        hasGroups={hasGroups}
        csv={csv("notes")}
      />
      <p className="hint">Days are the agents&apos; workdays; times are in {zonesText(groups)}.</p>
    </PortalFrame>
  );
});
