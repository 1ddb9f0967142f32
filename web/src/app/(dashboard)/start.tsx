import type { ReactNode } from "react";
import { ColumnsChart } from "@/chart/columns_chart";
import { fillOf } from "@/chart/patterns";
import { AppLink } from "@/components/app_link";

import { FeedTile } from "@/components/feed_tile";
import { Frame } from "@/components/frame";
import { Tile, Tiles } from "@/components/tile";
import { WorkingList } from "@/components/working_list";
import { hoursUnit } from "@/data/unit";
import type { Unit } from "@/range/hours_unit";
import { longDay, timeText, weekday } from "@/range/days";
import { inState, presets, type Range } from "@/range/range";
import { address } from "@/range/state";
import { changeText, countText, hoursOf, hoursText, inHours, clockText } from "@/table/figures";
import { Decisions } from "./decisions";
import { loadStart, type Start } from "./start_load";

const period = (range: Range) => address("/", inState(range));

function Panel({ id, title, children }: { id: string; title: string; children: ReactNode }) {
  return (
    <section className="panel" aria-labelledby={id}>
      <div className="panel-head">
        <h2 id={id}>{title}</h2>
      </div>
      {children}
    </section>
  );
}

/** A list that scrolls in itself, so that the page fits one screen. */
function Part({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="part" role="region" aria-label={label} tabIndex={0}>
      {children}
    </div>
  );
}

function WeekChart({ today, unit }: { today: Start["today"]; unit: Unit }) {
  if (today.hours + today.previous === 0) return <p className="empty">No hours this week or last week.</p>;
  return (
    <ColumnsChart
      summary={
        `Hours by day: ${hoursText(today.hours, unit)} this week, ` +
        `${hoursText(today.previous, unit)} last week up to the same moment`
      }
      labels={today.days.map(({ day }) => ({
        short: `${weekday(day)} ${Number(day.slice(8))}`,
        long: weekday(day),
      }))}
      layout="grouped"
      height={128}
      text={(value) => inHours(value, unit)}
      series={[
        {
          name: "last week, up to the same moment",
          values: today.days.map((day) => hoursOf(day.previous, unit)),
          fill: "url(#hatched)",
        },
        { name: "this week", values: today.days.map((day) => hoursOf(day.hours, unit)), fill: fillOf(0) },
      ]}
    />
  );
}

function ShouldHaveClockedOut({ overdue, noClockOut, longSession }: Start) {
  if (overdue.length + noClockOut.length === 0)
    return (
      <p className="empty">
        No agent is clocked in for more than {longSession} hours, and no clock-out is missing in the last two days.
      </p>
    );
  return (
    <Part label="Should have clocked out: list">
      <ul className="working overdue">
        {overdue.map((each) => (
          <li key={`${each.agentId} ${each.sinceLocal}`} data-overdue={each.agentId}>
            <AppLink href={`/agents/${each.agentId}`}>{each.agent}</AppLink>
            <span className="tag missing_clock_out">clocked in for {clockText(each.clockedInSeconds)}</span>
            <span className="detail">
              {each.client}: longer than {longSession} hours
            </span>
          </li>
        ))}
        {noClockOut.map((each) => (
          <li key={each.id} data-no-clock-out={each.id}>
            <AppLink href={`/agents/${each.agentId}/${each.workday}`}>{each.agent}</AppLink>
            <span className="tag missing_clock_out">no clock-out</span>
            <span className="detail">
              {each.client} · {longDay(each.workday)}, at work from {each.since}
            </span>
          </li>
        ))}
      </ul>
    </Part>
  );
}

/** Today, this week, what needs a decision and who is working: one screen at 1280 × 800. */
export async function startPage() {
  const start = await loadStart();
  const { calendar, today, working, overdue, noClockOut, feed } = start;
  const unit = await hoursUnit();
  const current = today.days.find(({ day }) => day === calendar.today) ?? { hours: 0, previous: 0 };
  const resting = working.filter((each) => each.kind === "break").length;
  return (
    <Frame
      section="/"
      title="Overview"
      path="/"
      state={{}}
      subtitle={`${longDay(calendar.today)}, ${today.moment.slice(11)} in ${calendar.timeZone}`}
    >
      <nav className="start-periods" aria-label="Overviews">
        <ul className="presets" aria-label="By client">
          {presets(calendar).map((preset) => (
            <li key={preset.name}>
              <AppLink href={period(preset.range)}>{preset.name}</AppLink>
            </li>
          ))}
        </ul>
        <AppLink href="/agents/usual">Over or under their usual week</AppLink>
        <AppLink href="/activities/compare">Activities compared</AppLink>
      </nav>
      <Tiles>
        <Tile name="Today" id="today" value={hoursText(current.hours, unit)}>
          {changeText(current.hours - current.previous, unit)} against last {weekday(calendar.today)} up to{" "}
          {today.previousMoment.slice(11)}
        </Tile>
        <Tile name="This week" id="hours" value={hoursText(today.hours, unit)}>
          {changeText(today.hours - today.previous, unit)} against last week up to the same moment
        </Tile>
        <Tile name="Last week by then" id="previous" value={hoursText(today.previous, unit)}>
          up to the same moment, {weekday(today.previousMoment.slice(0, 10))} {timeText(today.previousMoment)}
        </Tile>
        <Tile name="Working now" id="working" value={countText(working.length)}>
          {resting > 0 && `${countText(resting)} on a break`}
        </Tile>
        <Tile name="Should have clocked out" id="overdue" value={countText(overdue.length + noClockOut.length)}>
          over {start.longSession} hours, or no clock-out
        </Tile>
        <FeedTile feed={feed} />
      </Tiles>
      <div className="start">
        <div className="stack">
          <Panel id="weeks" title="This week against last week">
            <WeekChart unit={unit} today={today} />
          </Panel>
          <Panel id="overdue" title="Should have clocked out">
            <ShouldHaveClockedOut {...start} />
          </Panel>
        </div>
        <Panel id="attention" title="Needs a decision">
          <Part label="Needs a decision: list">
            <Decisions {...start} />
          </Part>
        </Panel>
        <Panel id="now" title="Working now">
          {working.length === 0 ? (
            <p className="empty">No agent is clocked in.</p>
          ) : (
            <Part label="Working now: list">
              <WorkingList working={working} />
            </Part>
          )}
        </Panel>
      </div>
    </Frame>
  );
}
