import type { Metadata } from "next";
import { Timeline } from "@/chart/timeline";
import { ActionLink, ActionLinks } from "@/components/action_link";
import { SeenText } from "@/components/absence";
import { Frame } from "@/components/frame";
import { MonthPanel } from "@/components/month_panel";
import { NoteList } from "@/components/note_list";
import { Pager } from "@/components/pager";
import { RuleLink } from "@/components/rule_link";
import type { Search } from "@/components/parameters";
import { Tile, Tiles } from "@/components/tile";
import { WeeksPanel } from "@/components/weeks_panel";
import { AppLink } from "@/components/app_link";
import { hoursUnit } from "@/data/unit";
import { withErrorPage } from "@/http/failures";
import { addDays, daysBetween } from "@/range/days";
import { inState, rangeText } from "@/range/range";
import { address, stateOf } from "@/range/state";
import { DataTable } from "@/table/data_table";
import { countText, hoursText } from "@/table/figures";
import { loadAgent } from "./load";

export const metadata: Metadata = { title: "Agent" };

const maxRows = 31;

export default withErrorPage(async function AgentPage({
  params,
  searchParams,
}: {
  params: Promise<{ id: string }>;
  searchParams: Search;
}) {
  const state = stateOf(await searchParams);
  const page = await loadAgent((await params).id, state);
  const { agent, calendar, range, days, sessions, activities, notes, noted, worked, unconfirmedText, seen } = page;
  const unit = await hoursUnit();
  const path = `/agents/${agent.agentId}`;
  const clock = state.clock === "client" ? "client" : "agent";
  const part = page.sessionPart;
  const csv = (table: string) => address(`${path}/csv`, { ...state, ...inState(range), page: "", table });
  const length = daysBetween(range.since, range.until);
  const shownDays = Array.from({ length: Math.min(length, maxRows) }, (_, n) =>
    addDays(range.since, n + Math.max(0, length - maxRows)),
  );
  const shown = new Set(shownDays);
  const clocks = [
    { name: "Agent's time", value: null, is: "agent" },
    { name: "Client's time", value: "client", is: "client" },
  ] as const;
  return (
    <Frame
      section="/agents"
      title={agent.name}
      path={path}
      state={state}
      range={{ range, calendar }}
      search="Search sessions"
      trail={{ path: "/agents", name: "Agents" }}
      subtitle={
        <>
          {agent.status !== "Joined" && `${agent.status ?? "Unknown"} · `}
          {agent.email && `${agent.email} · `}works in {agent.timeZone} for{" "}
          <AppLink href={address(`/clients/${agent.clientKey}`, inState(range))}>{agent.client}</AppLink> (
          {agent.clientTimeZone})
        </>
      }
    >
      <title>{`${agent.name} · Timesheet`}</title>
      <ActionLinks>
        <ActionLink action="assign_client_group" values={{ agent: String(agent.agentId) }}>
          Move to another client
        </ActionLink>
        <ActionLink action="set_working_time" values={{ agent: String(agent.agentId) }}>
          Working zone or cut-off
        </ActionLink>
      </ActionLinks>
      <Tiles>
        <Tile
          name="Hours"
          id="hours"
          value={hoursText(
            days.reduce((sum, day) => sum + day.hours, 0),
            unit,
          )}
        />
        <Tile
          name="Unconfirmed"
          id="unconfirmed"
          value={hoursText(
            activities.reduce((sum, each) => sum + each.unconfirmed, 0),
            unit,
          )}
        >
          {unconfirmedText} · <RuleLink rule="R10" />
        </Tile>
        <Tile
          name="Breaks"
          id="breaks"
          value={hoursText(
            days.reduce((sum, day) => sum + day.breaks, 0),
            unit,
          )}
        />
        <Tile name="Days worked" id="days" value={countText(worked)} />
        <Tile name="Notes" id="notes" value={countText(noted)} />
      </Tiles>
      <section className="panel" aria-labelledby="timeline">
        <div className="panel-head">
          <h2 id="timeline">Day by day</h2>
          <ul className="presets" aria-label="Time zone">
            {clocks.map((each) => (
              <li key={each.is}>
                <AppLink
                  href={address(path, state, { clock: each.value })}
                  aria-current={clock === each.is ? "true" : undefined}
                  scroll={false}
                >
                  {each.name}
                </AppLink>
              </li>
            ))}
          </ul>
        </div>
        {sessions.length === 0 ? (
          <p className="empty">No sessions in {rangeText(range)}.</p>
        ) : (
          <Timeline
            days={shownDays}
            sessions={sessions.filter((session) => shown.has(session.workday))}
            clock={clock}
            zones={{ agent: agent.timeZone, client: agent.clientTimeZone }}
            dayPath={(day) => `${path}/${day}`}
            unconfirmedText={unconfirmedText}
          />
        )}
        {length > maxRows && <p className="hint">Only the last {maxRows} days are drawn.</p>}
      </section>
      <div className="two-columns halves">
        <WeeksPanel {...page.weeks} weekStartsOn={calendar.weekStartsOn} of={agent.name} csv={csv("weeks")} />
        <MonthPanel
          month={page.month}
          weekStartsOn={calendar.weekStartsOn}
          path={path}
          state={state}
          today={calendar.today}
          dayPath={(day) => `${path}/${day}`}
          csv={csv("month")}
        />
      </div>
      <DataTable
        id="days"
        caption="Clock-in and clock-out"
        columns={page.dayColumns}
        rows={page.dayRows}
        rowKey={(d) => d.workday}
        path={path}
        state={state}
        order={page.dayOrder}
        csv={csv("days")}
        empty={
          <>
            {agent.name} has no entries in {rangeText(range)}, <SeenText seen={seen} day={range.since} />.
          </>
        }
      />
      <div className="two-columns">
        <DataTable
          id="activities"
          caption="Hours by activity"
          columns={page.activityShown}
          rows={page.activityRows}
          rowKey={(a) => a.key}
          path={path}
          state={state}
          order={page.activityOrder}
          sortParameter="activities"
          csv={csv("activities")}
          empty={`No activity in ${rangeText(range)}.`}
        />
        <section className="panel" aria-labelledby="notes">
          <div className="panel-head">
            <h2 id="notes">Needs attention</h2>
          </div>
          <NoteList notes={notes} isAgentNamed={false} />
          {noted > notes.length && (
            <p className="hint">
              The newest {notes.length} of {countText(noted)}.
            </p>
          )}
        </section>
      </div>
      <DataTable
        id="sessions"
        caption={
          part.rows.length < page.sessionRows.length
            ? `Sessions ${countText(part.first + 1)} to ${countText(part.first + part.rows.length)} ` +
              `of ${countText(page.sessionRows.length)}`
            : "Sessions"
        }
        columns={page.sessionColumns}
        rows={part.rows}
        rowKey={(s) => s.id}
        path={path}
        state={state}
        order={page.sessionOrder}
        sortParameter="sessions"
        csv={csv("sessions")}
        empty={state.q ? `No session has “${state.q}”.` : `No sessions in ${rangeText(range)}.`}
        tools={
          <AppLink
            className="button quiet"
            href={address("/entries", { ...inState(range), agent: String(agent.agentId) })}
          >
            Entries
          </AppLink>
        }
      />
      <Pager
        name="sessions"
        path={path}
        state={{ ...state, ...inState(range) }}
        page={part.page}
        hasMore={part.hasMore}
      />
    </Frame>
  );
});
