import { ColumnsChart } from "@/chart/columns_chart";
import { fillOf } from "@/chart/patterns";
import { FeedTile } from "@/components/feed_tile";
import { Frame } from "@/components/frame";
import { alertName, noteName } from "@/components/codes";
import { NoteList } from "@/components/note_list";
import { RuleLink } from "@/components/rule_link";
import { Tile, Tiles } from "@/components/tile";
import { WorkingList } from "@/components/working_list";
import { AlertMessage } from "@/components/alert_message";
import { AppLink } from "@/components/app_link";
import { hoursUnit } from "@/data/unit";
import { shortDay, timeText, weekday } from "@/range/days";
import { before, inState, lastDay, rangeText } from "@/range/range";
import { address, type State } from "@/range/state";
import { DataTable } from "@/table/data_table";
import { changeText, countText, hoursOf, hoursText, inHours } from "@/table/figures";
import { DigestAlerts } from "./digest_alerts";
import { clientsShown, loadOverview } from "./overview";

/** A period compared with the previous one, by day and by client. */
export async function periodPage(state: State) {
  const {
    calendar,
    range,
    elapsed,
    clients,
    days,
    agents,
    previousAgents,
    soFar,
    working,
    feed,
    counts,
    notes,
    unconfirmedText,
    alerts,
    silent,
    digests,
  } = await loadOverview(state);
  const unit = await hoursUnit();
  const { columns, order, rows } = clientsShown(state, clients, range);
  const earlier = before(range);
  const sum = (value: (client: (typeof clients)[number]) => number) =>
    clients.reduce((total, client) => total + value(client), 0);
  const [hours, previous] = [sum((c) => c.hours), sum((c) => c.previous)];
  const noted = counts.reduce((total, each) => total + each.count, 0);
  return (
    <Frame
      section="/"
      title="Overview"
      path="/"
      state={state}
      range={{ range, calendar }}
      search="Search clients"
      subtitle={<AppLink href="/">Today and this week</AppLink>}
    >
      <Tiles>
        <Tile name="Hours" id="hours" value={hoursText(hours, unit)}>
          {elapsed > 0 && elapsed < days.length ? (
            <>{changeText(hours - soFar, unit)} compared with the same days of the previous period</>
          ) : (
            <>
              {changeText(hours - previous, unit)} compared with {rangeText(earlier)}
            </>
          )}
        </Tile>
        <Tile name="Previous period" id="previous" value={hoursText(previous, unit)}>
          {rangeText(earlier)}
          {elapsed > 0 && elapsed < days.length && (
            <>
              , {hoursText(soFar, unit)} in its first {elapsed === 1 ? "day" : `${elapsed} days`}
            </>
          )}
        </Tile>
        <Tile
          name="Unconfirmed"
          id="unconfirmed"
          value={hoursText(
            sum((c) => c.unconfirmed),
            unit,
          )}
        >
          {unconfirmedText} · <RuleLink rule="R10" />
        </Tile>
        <Tile
          name="Breaks"
          id="breaks"
          value={hoursText(
            sum((c) => c.breaks),
            unit,
          )}
        />
        <Tile name="Agents at work" id="agents" value={countText(agents)}>
          {countText(previousAgents)} in the previous period
        </Tile>
        <Tile name="Working now" id="working" value={countText(working.length)} />
        <FeedTile feed={feed} />
      </Tiles>
      <div className="two-columns">
        <div className="stack">
          <section className="panel" aria-labelledby="by-day">
            <div className="panel-head">
              <h2 id="by-day">Hours by day</h2>
            </div>
            {hours + previous === 0 ? (
              <p className="empty">
                No hours from {rangeText(earlier)} to {rangeText(range)}.
              </p>
            ) : (
              <ColumnsChart
                summary={
                  `Hours by day: ${hoursText(hours, unit)} in ${rangeText(range)}, ` +
                  `${hoursText(previous, unit)} in ${rangeText(earlier)}`
                }
                labels={days.map(({ day }) => ({
                  short: `${weekday(day)} ${Number(day.slice(8))}`,
                  long: `${weekday(day)} ${shortDay(day)}`,
                }))}
                layout="grouped"
                text={(value) => inHours(value, unit)}
                series={[
                  {
                    name: rangeText(earlier),
                    values: days.map((day) => hoursOf(day.previous, unit)),
                    fill: "url(#hatched)",
                  },
                  { name: rangeText(range), values: days.map((day) => hoursOf(day.hours, unit)), fill: fillOf(0) },
                ]}
              />
            )}
          </section>
          <section className="panel" aria-labelledby="now">
            <div className="panel-head">
              <h2 id="now">Working now</h2>
            </div>
            {working.length === 0 ? (
              <p className="empty">No agent is clocked in.</p>
            ) : (
              <WorkingList working={working} />
            )}
          </section>
        </div>
        <section className="panel" aria-labelledby="attention">
          <div className="panel-head">
            <h2 id="attention">Needs attention</h2>
          </div>
          {alerts.map((alert) => (
            <AlertMessage key={alert.id} detail={alert.detail}>
              {alertName(alert.kind)}, since {timeText(alert.raisedAt)} ({calendar.timeZone}):
            </AlertMessage>
          ))}
          {silent.length > 0 && (
            <p className="message">
              <AppLink href="/health">
                {silent.length === 1 ? "One agent is" : `${silent.length} agents are`} unusually silent
              </AppLink>
              , {silent[0]?.agent} for {silent[0]?.silentDays} days.
            </p>
          )}
          <DigestAlerts digests={digests} />
          {noted > 0 && (
            <ul className="counts">
              {counts.map((each) => (
                <li key={each.code}>
                  <strong>{countText(each.count)}</strong> {noteName(each.code).toLowerCase()}
                </li>
              ))}
            </ul>
          )}
          <NoteList notes={notes} isAgentNamed />
          {noted > notes.length && (
            <p className="hint">
              The newest {notes.length} of {countText(noted)}. Each agent&apos;s page lists its own.
            </p>
          )}
        </section>
      </div>
      <DataTable
        id="clients"
        caption="Clients"
        columns={columns}
        rows={rows}
        rowKey={(c) => c.key}
        path="/"
        state={state}
        order={order}
        csv={address("/csv", { ...state, ...inState(range) })}
        empty={
          state.q
            ? `No client is called “${state.q}”.`
            : `No hours from ${shortDay(earlier.since)} to ${shortDay(lastDay(range))}.`
        }
      />
    </Frame>
  );
}
