import { hundredth } from "@/range/hours_unit";
import { clockSpan } from "@/range/clock";
import { longDay } from "@/range/days";
import { noteNamesOf } from "@/components/codes";
import type { Column } from "@/table/columns";
import { hoursText } from "@/table/figures";
import type { AgentDay } from "./week";
import { zoneName } from "./words";

export const dayColumns: Column<AgentDay>[] = [
  { key: "day", label: "Day", value: (row) => row.day },
  { key: "agent", label: "Agent", value: (row) => row.agent },
  { key: "clients", label: "Clients", value: (row) => row.groups.join(", ") },
  { key: "clockIn", label: "Clock-in", value: (row) => row.clockIn },
  { key: "clockOut", label: "Clock-out", value: (row) => row.clockOut },
  { key: "zone", label: "Time zone", value: (row) => row.timeZone },
  { key: "agentClockIn", label: "Clock-in, agent's time", value: (row) => row.agentClockIn },
  { key: "agentClockOut", label: "Clock-out, agent's time", value: (row) => row.agentClockOut },
  { key: "agentZone", label: "Agent's time zone", value: (row) => row.agentTimeZone },
  { key: "hours", label: "Hours", value: (row) => row.hours, kind: "hours" },
  { key: "unconfirmed", label: "Unconfirmed", value: (row) => row.unconfirmed, kind: "hours" },
  { key: "breaks", label: "Breaks", value: (row) => row.breaks, kind: "hours" },
  { key: "notes", label: "Notes", value: (row) => noteNamesOf(row.codes) },
];

/** From clock-in to clock-out by one clock; a day without one is open, or was never closed. */
function span(from: string | null, until: string | null, day: string): string {
  if (from === null) return until === null ? "no clock times" : `until ${clockSpan(until, null, day)}`;
  return until === null ? `${clockSpan(from, null, day)} – no clock-out` : clockSpan(from, until, day);
}

function Agent({ row, hasGroups }: { row: AgentDay; hasGroups: boolean }) {
  const own = span(row.clockIn, row.clockOut, row.day);
  const agents = span(row.agentClockIn, row.agentClockOut, row.day);
  const rest = [
    ...(row.breaks > 0 ? [`${hoursText(row.breaks, hundredth)} h of breaks`] : []),
    ...(hasGroups ? row.groups : []),
    ...(row.codes === "" ? [] : [noteNamesOf(row.codes)]),
  ];
  const isOther = row.clockIn !== null && zoneName(row.timeZone) !== zoneName(row.agentTimeZone);
  return (
    <li data-agent={row.agentId}>
      <p className="lead">
        <strong dir="auto">{row.agent}</strong>
        <span className="side" data-column="hours">
          {hoursText(row.hours, hundredth)} h
        </span>
      </p>
      <p className="more">
        <span data-clock="client">
          {own}
          {row.clockIn !== null && `, ${zoneName(row.timeZone)}`}
        </span>
        {isOther && <span data-clock="agent">{`${agents}, ${zoneName(row.agentTimeZone)} (agent's time)`}</span>}
        {row.unconfirmed > 0 && (
          <>
            <span className="unconfirmed">{hoursText(row.unconfirmed, hundredth)} h unconfirmed</span>
            {rest.length > 0 && " · "}
          </>
        )}
        {rest.join(" · ")}
      </p>
    </li>
  );
}

type Properties = { rows: readonly AgentDay[]; hasGroups: boolean; csv: string };

/** The days of a week, each with who worked, when and for how long. */
export function DayList({ rows, hasGroups, csv }: Properties) {
  return (
    <section className="panel" aria-labelledby="days-title">
      <div className="panel-head">
        <h2 id="days-title">By day</h2>
        {rows.length > 0 && (
          <a className="button quiet" href={csv} download>
            CSV<span className="visually-hidden"> of days</span>
          </a>
        )}
      </div>
      {rows.length === 0 && <p className="empty">No hours in this week.</p>}
      {[...Map.groupBy(rows, (row) => row.day)].map(([day, own]) => (
        <section key={day} data-day={day} aria-label={longDay(day)}>
          <h3>
            {longDay(day)}
            <span className="side">
              {hoursText(
                own.reduce((sum, row) => sum + row.hours, 0),
                hundredth,
              )}{" "}
              h
            </span>
          </h3>
          <ul className="list">
            {own.map((row) => (
              <Agent key={row.agentId} row={row} hasGroups={hasGroups} />
            ))}
          </ul>
        </section>
      ))}
    </section>
  );
}
