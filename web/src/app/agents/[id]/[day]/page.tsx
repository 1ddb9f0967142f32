import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { Timeline } from "@/chart/timeline";
import { getAgent, getSessions } from "@/data/agent";
import { getExplanation } from "@/data/explanation";
import { getUnconfirmedText } from "@/data/unconfirmed";
import { read } from "@/data/read";
import { Frame } from "@/components/frame";
import type { Search } from "@/components/parameters";
import { Reasons, Versions } from "@/components/reasons";
import { AppLink } from "@/components/app_link";
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
    const [reasons, sessions, unconfirmedText] = await Promise.all([
      getExplanation(sql, day, id),
      getSessions(sql, id, { since: day, until: addDays(day, 1), wasShortened: false }),
      getUnconfirmedText(sql),
    ]);
    return { agent, reasons, sessions, unconfirmedText };
  });
  if (!found) notFound();
  const { agent, reasons, sessions, unconfirmedText } = found;
  const path = `/agents/${id}/${day}`;
  const clock = state.clock === "client" ? "client" : "agent";
  const at = (other: string) => address(`/agents/${id}/${other}`, state);
  return (
    <Frame
      section="/agents"
      title={longDay(day)}
      path={path}
      state={state}
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
        </>
      }
    >
      <title>{`${agent.name}, ${longDay(day)} · Timesheet`}</title>
      {reasons.length === 0 ? (
        <p className="panel empty">Nothing was recorded on this workday.</p>
      ) : (
        <>
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
          <Reasons reasons={reasons} />
          <section className="panel" aria-labelledby="versions">
            <div className="panel-head">
              <h2 id="versions">Versions</h2>
              <p className="detail">What Jibble sent, byte for byte. Times are in {agent.timeZone}.</p>
            </div>
            <Versions reasons={reasons} />
          </section>
        </>
      )}
    </Frame>
  );
});
