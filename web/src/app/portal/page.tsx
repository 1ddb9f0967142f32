import { headers } from "next/headers";
import { after } from "next/server";
import { openedHeader } from "@/portal/door";
import { withPortalError } from "@/portal/failures";
import { PortalFrame } from "@/portal/frame";
import { HoursTable } from "@/portal/hours_table";
import { NoteList } from "@/portal/note_list";
import { loadOverview, nameColumns, type NameRow, weekColumns } from "@/portal/overview";
import { countOpening, visit } from "@/portal/visit";
import { asOfText, listOf, unconfirmedSentence, weekText, zonesText } from "@/portal/words";
import { hundredth } from "@/range/hours_unit";
import { hoursText } from "@/table/figures";

const csv = (table: string) => `/portal/csv?table=${table}`;

function Names({
  id,
  caption,
  label,
  rows,
  detail,
}: {
  id: string;
  caption: string;
  label: string;
  rows: readonly NameRow[];
  detail?: boolean;
}) {
  return (
    <HoursTable
      id={id}
      caption={caption}
      columns={nameColumns(label, detail ?? false)}
      rows={rows}
      rowKey={(row) => row.key}
      csv={csv(id)}
      empty="No hours in these weeks."
    />
  );
}

export default withPortalError(async function Overview() {
  const {
    visit: { token, groups },
    data,
  } = await visit("overview", loadOverview);
  if ((await headers()).get(openedHeader) !== null) after(() => countOpening(token));
  const [now, before] = data.weeks;
  const past = data.weeks.slice(1).reduce((sum, week) => sum + week.hours, 0);
  return (
    <PortalFrame
      page="/portal"
      title={listOf(
        groups.map((group) => group.name),
        4,
      )}
      name="Your hours"
      subtitle={<span data-as-of>{asOfText(groups)}</span>}
    >
      <dl className="tiles">
        <div className="tile">
          <dt>This week</dt>
          <dd>
            <span className="figure" data-figure="now">
              {hoursText(now?.hours ?? 0, hundredth)} h
            </span>
            {now && now.unconfirmed > 0 && (
              <span className="unconfirmed">of which {hoursText(now.unconfirmed, hundredth)} h unconfirmed</span>
            )}
            <a href={`/portal/week/${data.current}`}>{weekText(data.current, groups)}</a>
          </dd>
        </div>
        <div className="tile">
          <dt>Last week</dt>
          <dd>
            <span className="figure" data-figure="before">
              {hoursText(before?.hours ?? 0, hundredth)} h
            </span>
            {before && before.unconfirmed > 0 && (
              <span className="unconfirmed">of which {hoursText(before.unconfirmed, hundredth)} h unconfirmed</span>
            )}
            <a href={`/portal/week/${data.previous}`}>{weekText(data.previous, groups)}</a>
          </dd>
        </div>
        <div className="tile">
          <dt>The 12 weeks before this one</dt>
          <dd>
            <span className="figure" data-figure="past">
              {hoursText(past, hundredth)} h
            </span>
          </dd>
        </div>
      </dl>
      <NoteList
        id="corrections"
        caption="Corrections to weeks already sent"
        about="These days changed after their e-mail was sent."
        notes={data.corrections}
        hasGroups={groups.length > 1}
        csv={csv("corrections")}
      />
      <HoursTable
        id="weeks"
        caption="By week"
        columns={weekColumns}
        rows={data.weeks}
        rowKey={(row) => row.week}
        csv={csv("weeks")}
        empty=""
      />
      {data.groups.length > 0 && <Names id="clients" caption="By client" label="Client" rows={data.groups} />}
      <Names id="agents" caption="By agent" label="Agent" rows={data.agents} detail={groups.length > 1} />
      <Names id="activities" caption="By activity" label="Activity" rows={data.activities} />
      <p className="hint" data-unconfirmed>
        {unconfirmedSentence}
      </p>
      <p className="hint">Days are the agents&apos; workdays; times are in {zonesText(groups)}.</p>
    </PortalFrame>
  );
});
