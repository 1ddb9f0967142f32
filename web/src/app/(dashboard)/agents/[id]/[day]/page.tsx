import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { Timeline } from "@/chart/timeline";
import { getAgent, getSessions } from "@/data/agent";
import { getExplanation } from "@/data/explanation";
import { getSeen } from "@/data/last_seen";
import { getNotes } from "@/data/notes";
import { getUnconfirmedText } from "@/data/unconfirmed";
import { read } from "@/data/read";
import { rounded } from "@/data/rounded";
import { hoursUnit } from "@/data/unit";
import { Absence } from "@/components/absence";
import { Frame } from "@/components/frame";
import type { Search } from "@/components/parameters";
import { NoteList } from "@/components/note_list";
import { AsReceived, CountedHours, countedOf, Happened } from "@/components/reasons";
import { AppLink } from "@/components/app_link";
import { configuration } from "@/config/configuration";
import { jibbleLink } from "@/config/jibble_link";
import { withErrorPage } from "@/http/failures";
import { addDays, isDay, longDay } from "@/range/days";
import { address, idOf, stateOf } from "@/range/state";

export const metadata: Metadata = { title: "Day" };

export default withErrorPage(async function DayPage({
  params,
  searchParams,
}: {
  params: Promise<{ id: string; day: string }>;
  searchParams: Search;
}) {
  const { id: idText, day } = await params;
  const state = stateOf(await searchParams);
  const id = idOf(idText);
  if (id === null || !isDay(day)) notFound();
  const found = await read(async (sql) => {
    const agent = await getAgent(sql, id);
    if (!agent) return null;
    const range = { since: day, until: addDays(day, 1), wasShortened: false };
    const [reasons, sessions, unconfirmedText, seen, notes] = await Promise.all([
      getExplanation(sql, day, id),
      getSessions(sql, id, range),
      getUnconfirmedText(sql),
      getSeen(sql, id, range.since, range.until),
      getNotes(sql, range, { agentId: id }, 50),
    ]);
    const [figures = []] = await rounded(
      sql,
      countedOf(reasons).map((reason) => reason.seconds ?? 0),
    );
    return { agent, reasons, figures, sessions, unconfirmedText, seen, notes };
  });
  if (!found) notFound();
  const { agent, reasons, figures, sessions, unconfirmedText, seen, notes } = found;
  const template = configuration().jibbleLink;
  const path = `/agents/${id}/${day}`;
  const clock = state.clock === "client" ? "client" : "agent";
  const at = (other: string) => address(`/agents/${id}/${other}`, state);
  return (
    <Frame
      section="/agents"
      title={longDay(day)}
      path={path}
      state={state}
      hasHours
      trail={{ path: `/agents/${id}`, name: agent.name }}
      subtitle={
        <>
          Where the day&apos;s hours come from.{" "}
          <AppLink href={at(addDays(day, -1))} aria-keyshortcuts="p">
            Previous day
          </AppLink>{" "}
          ·{" "}
          <AppLink href={at(addDays(day, 1))} aria-keyshortcuts="n">
            Next day
          </AppLink>
          {template !== null && agent.jibbleId !== null && (
            <>
              {" "}
              ·{" "}
              <a href={jibbleLink(template, agent.jibbleId, day)} rel="noreferrer">
                This day in Jibble
              </a>
            </>
          )}
        </>
      }
    >
      <title>{`${agent.name}, ${longDay(day)} · Timesheet`}</title>
      <Absence reasons={reasons} seen={seen} day={day} isMember={agent.status !== "Removed"} />
      <CountedHours reasons={reasons} figures={figures} unit={await hoursUnit()} />
      {sessions.length > 0 && (
        <section className="panel" aria-labelledby="timeline">
          <div className="panel-head">
            <h2 id="timeline">Timeline</h2>
            <AppLink
              className="button quiet"
              href={address(path, state, { clock: clock === "agent" ? "client" : null })}
            >
              {clock === "agent" ? "Show the client's time" : "Show the agent's time"}
            </AppLink>
          </div>
          <Timeline
            days={[day]}
            sessions={sessions}
            clock={clock}
            zones={{ agent: agent.timeZone, client: agent.clientTimeZone }}
            dayPath={() => path}
            unconfirmedText={unconfirmedText}
          />
        </section>
      )}
      <Happened reasons={reasons} agentId={id} workday={day} />
      {notes.length > 0 && (
        <section className="panel" aria-labelledby="notes">
          <div className="panel-head">
            <h2 id="notes">Needs attention</h2>
          </div>
          <NoteList notes={notes} isAgentNamed={false} />
        </section>
      )}
      <AsReceived reasons={reasons} />
    </Frame>
  );
});
