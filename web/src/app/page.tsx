import { ColumnsChart } from "@/chart/columns_chart";
import { fillOf } from "@/chart/patterns";
import { Frame } from "@/components/frame";
import { NoteList, noteName } from "@/components/note_list";
import type { Search } from "@/components/parameters";
import { Tile, Tiles } from "@/components/tile";
import { To } from "@/components/to";
import { showing } from "@/http/answering";
import { shortDay, weekday } from "@/range/days";
import { before, inState, lastDay, rangeText } from "@/range/range";
import { address, stateOf } from "@/range/state";
import { DataTable } from "@/table/data_table";
import { ageText, changeText, countText, hoursText, lengthText } from "@/table/figures";
import { DigestsToSee } from "./digests_to_see";
import { clientsShown, loadOverview } from "./overview";

export const metadata = { title: "Overview" };

export default showing(async function Overview({ searchParams }: { searchParams: Search }) {
  const state = stateOf(await searchParams);
  const { calendar, range, elapsed, clients, days, agents, previousAgents, soFar, working, feed, counts, notes, alerts, silent, digests } = await loadOverview(state);
  const { columns, order, rows } = clientsShown(state, clients, range);
  const earlier = before(range);
  const sum = (value: (client: (typeof clients)[number]) => number) => clients.reduce((total, client) => total + value(client), 0);
  const [hours, previous] = [sum((c) => c.hours), sum((c) => c.previous)];
  const noted = counts.reduce((total, each) => total + each.count, 0);
  const isFresh = feed?.isStale === false;
  return (
    <Frame section="/" title="Overview" path="/" state={state} range={{ range, calendar }} search="Search clients">
      <Tiles>
        <Tile name="Hours" id="hours" value={hoursText(hours)}>
          {elapsed > 0 && elapsed < days.length ? <>{changeText(hours - soFar)} against the same days before</> : <>{changeText(hours - previous)} against {rangeText(earlier)}</>}
        </Tile>
        <Tile name="Hours before" id="previous" value={hoursText(previous)}>{rangeText(earlier)}{elapsed > 0 && elapsed < days.length && <>, {hoursText(soFar)} of them in its first {elapsed === 1 ? "day" : `${elapsed} days`}</>}</Tile>
        <Tile name="Of them unconfirmed" id="unconfirmed" value={hoursText(sum((c) => c.unconfirmed))}>running, or without a clock-out of their own</Tile>
        <Tile name="Breaks" id="breaks" value={hoursText(sum((c) => c.breaks))} />
        <Tile name="Agents at work" id="agents" value={countText(agents)}>{countText(previousAgents)} before</Tile>
        <Tile name="Working now" id="working" value={countText(working.length)} />
        <Tile name="Feed" value={<span className={isFresh ? "good" : "bad"}>{feed?.ageSeconds == null ? "Never read" : isFresh ? "Fresh" : "Stale"}</span>}>
          {feed?.ageSeconds == null ? "" : `read ${ageText(feed.ageSeconds)} ago`} <To href="/health">Health</To>
        </Tile>
      </Tiles>
      <div className="beside-each-other">
        <div className="stack">
          <section className="panel" aria-labelledby="by-day">
            <div className="panel-head"><h2 id="by-day">Hours by day</h2></div>
            {hours + previous === 0 ? <p className="empty">No hours from {rangeText(earlier)} to {rangeText(range)}.</p> : (
              <ColumnsChart
                summary={`Hours by day: ${hoursText(hours)} in ${rangeText(range)}, ${hoursText(previous)} in ${rangeText(earlier)}`}
                labels={days.map(({ day }) => ({ short: `${weekday(day)} ${Number(day.slice(8))}`, long: `${weekday(day)} ${shortDay(day)}` }))}
                layout="grouped"
                text={(value) => `${value.toFixed(2)} hours`}
                series={[
                  { name: rangeText(earlier), values: days.map((day) => day.previous / 100), fill: "url(#hatched)" },
                  { name: rangeText(range), values: days.map((day) => day.hours / 100), fill: fillOf(0) },
                ]}
              />
            )}
          </section>
          <section className="panel" aria-labelledby="now">
            <div className="panel-head"><h2 id="now">Working now</h2></div>
            {working.length === 0 ? <p className="empty">Nobody is clocked in.</p> : (
              <ul className="working">
                {working.map((each) => (
                  <li key={`${each.agentId} ${each.sinceLocal}`} data-agent={each.agentId}>
                    <To href={`/agents/${each.agentId}`}>{each.agent}</To>
                    <span>{each.kind === "break" ? "on a break" : each.activity}</span>
                    <span className="beside">{each.client} · since {each.sinceLocal} in {each.timeZone} · {lengthText(each.seconds)}</span>
                  </li>
                ))}
              </ul>
            )}
          </section>
        </div>
        <section className="panel" aria-labelledby="attention">
          <div className="panel-head"><h2 id="attention">Needs attention</h2></div>
          {alerts.map((alert) => <p key={`${alert.kind} ${alert.subject}`} className="message bad" role="alert">{alert.kind.replaceAll("_", " ")} since {alert.raisedAt} UTC: {alert.detail}</p>)}
          {silent.length > 0 && <p className="message"><To href="/health">{silent.length === 1 ? "One agent is" : `${silent.length} agents are`} unusually silent</To>, {silent[0]?.agent} for {silent[0]?.silentDays} days.</p>}
          <DigestsToSee digests={digests} />
          {noted > 0 && <ul className="counts">{counts.map((each) => <li key={each.code}><strong>{countText(each.count)}</strong> {noteName(each.code).toLowerCase()}</li>)}</ul>}
          <NoteList notes={notes} isAgentNamed />
          {noted > notes.length && <p className="hint">The newest {notes.length} of {noted}; each agent&apos;s page has its own.</p>}
        </section>
      </div>
      <DataTable
        id="clients" caption="Clients" columns={columns} rows={rows} rowKey={(c) => c.key} path="/" state={state} order={order}
        csv={address("/csv", { ...state, ...inState(range) })}
        empty={state.q ? `No client is called “${state.q}”.` : `No hours from ${shortDay(earlier.since)} to ${shortDay(lastDay(range))}.`}
      />
    </Frame>
  );
});
