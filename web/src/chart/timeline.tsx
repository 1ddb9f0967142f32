import { scaleLinear } from "d3-scale";
import type { Session } from "@/data/agent";
import { isWeekend, longDay, shortDay, weekday } from "@/range/days";
import { AppLink } from "@/components/app_link";
import { lengthText } from "@/table/figures";
import { fillOf, Swatch } from "./patterns";

export type Clock = "agent" | "client";

type Properties = {
  days: string[];
  sessions: readonly Session[];
  clock: Clock;
  /** The labels where there are no sessions. */
  zones: Record<Clock, string>;
  dayPath: (day: string) => string;
  unconfirmedText: string;
};

const hour = 3600;
const rowHeight = 30;

const ends: Record<string, string> = {
  running: "still running",
  missing_clock_out: "no clock-out",
  auto_clock_out: "clocked out automatically",
  break_left_open: "break left open",
};

function start(session: Session, clock: Clock): number {
  return clock === "agent" ? session.fromAgentMidnight : session.fromClientMidnight;
}

/**
 * The local time of the end: where the clock changed meanwhile, the bar is as long as the clock says,
 * the text gives the real length.
 */
function end(session: Session, clock: Clock): number {
  return Math.max(start(session, clock), clock === "agent" ? session.untilAgentMidnight : session.untilClientMidnight);
}

function zoneOf(session: Session, clock: Clock): string {
  return clock === "agent" ? session.timeZone : session.clientTimeZone;
}

function clockText(seconds: number): string {
  const hours = Math.floor(seconds / hour);
  return String(((hours % 24) + 24) % 24).padStart(2, "0");
}

function timesOf(session: Session, clock: Clock): string {
  const [from, to] =
    clock === "agent" ? [session.startedLocal, session.endedLocal] : [session.startedClient, session.endedClient];
  return `${from.slice(11)}–${to.slice(11)}`;
}

function words(session: Session, clock: Clock, isZoneNamed: boolean): string {
  const what = session.kind === "break" ? "break" : session.activity;
  const why = ends[session.endReason];
  const zone = isZoneNamed ? ` in ${zoneOf(session, clock)}` : "";
  return `${timesOf(session, clock)}${zone} ${what}, ${lengthText(session.seconds)}${why ? ` (${why})` : ""}`;
}

/** A row per workday, from its midnight in the chosen zone; night shifts go past 24:00. */
export function Timeline({ days, sessions, clock, zones, dayPath, unconfirmedText }: Properties) {
  const other: Clock = clock === "agent" ? "client" : "agent";
  const begins = sessions.map((session) => start(session, clock));
  const stops = sessions.map((session) => end(session, clock));
  const from = Math.floor(Math.min(8 * hour, ...begins) / (2 * hour)) * 2 * hour;
  const to = Math.ceil(Math.max(18 * hour, ...stops) / (2 * hour)) * 2 * hour;
  const x = scaleLinear([from, to], [0, 100]);
  const step = to - from > 20 * hour ? 4 * hour : 2 * hour;
  const ticks = Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, n) => from + n * step);
  // Where one of the two clocks changed within these days, one axis cannot show both.
  const shifts = new Set(
    sessions.flatMap((session) => [
      start(session, other) - start(session, clock),
      end(session, other) - end(session, clock),
    ]),
  );
  const shift = shifts.size === 1 ? [...shifts][0] : undefined;
  // The zones of that time: an agent may have moved since, or have worked for clients in several.
  const zonesOf = (which: Clock) => new Set(sessions.map((session) => zoneOf(session, which)));
  const labelOf = (which: Clock) =>
    zonesOf(which).size > 1 ? "several zones" : ([...zonesOf(which)][0] ?? zones[which]);
  const isZoneNamed = zonesOf(clock).size > 1;
  const axis = (name: string, label: string, by: number) => (
    <div className={`axis ${name}`}>
      <span className="zone">{label}</span>
      <svg width="100%" height="18" aria-hidden="true">
        {ticks.map((tick, n) => (
          <text
            key={tick}
            x={`${x(tick)}%`}
            y="13"
            textAnchor={n === 0 ? "start" : n === ticks.length - 1 ? "end" : "middle"}
          >
            {clockText(tick + by)}
          </text>
        ))}
      </svg>
    </div>
  );
  return (
    <div className="timeline">
      {axis("first", labelOf(clock), 0)}
      <ol>
        {days.map((day) => {
          const own = sessions.filter((session) => session.workday === day);
          const summary =
            own.length === 0 ? "no sessions" : own.map((session) => words(session, clock, isZoneNamed)).join("; ");
          return (
            <li key={day} className={isWeekend(day) ? "weekend" : undefined}>
              <span className="day">
                <AppLink href={dayPath(day)}>
                  {weekday(day)} {shortDay(day)}
                </AppLink>
              </span>
              <svg width="100%" height={rowHeight} role="img" aria-label={`${longDay(day)}: ${summary}`}>
                {ticks.map((tick) => (
                  <line
                    key={tick}
                    className={tick % (24 * hour) === 0 ? "midnight" : undefined}
                    x1={`${x(tick)}%`}
                    x2={`${x(tick)}%`}
                    y1="0"
                    y2={rowHeight}
                  />
                ))}
                {own.map((session) => {
                  const left = x(start(session, clock));
                  const width = x(end(session, clock)) - left;
                  const { isUnconfirmed } = session;
                  return (
                    <g key={session.id} className={`session ${session.kind}${isUnconfirmed ? " unconfirmed" : ""}`}>
                      <rect
                        x={`${left}%`}
                        width={`${Math.max(width, 0.25)}%`}
                        y={session.kind === "break" ? 11 : 5}
                        height={session.kind === "break" ? 8 : 20}
                        rx="2"
                        fill={session.kind === "break" ? "url(#hatched)" : isUnconfirmed ? fillOf(1) : fillOf(0)}
                      >
                        <title>{words(session, clock, isZoneNamed)}</title>
                      </rect>
                      {session.kind === "work" && !isUnconfirmed && width > 4 && (
                        <svg className="inside" x={`${left}%`} y="5" width={`${width}%`} height="20">
                          <text x="5" y="14">
                            {session.activity}
                          </text>
                        </svg>
                      )}
                    </g>
                  );
                })}
              </svg>
            </li>
          );
        })}
      </ol>
      {shift === undefined ? (
        <p className="hint">
          {sessions.length > 0 &&
            `For times in ${labelOf(other)} see the sessions below: a clock changed within these days.`}
        </p>
      ) : (
        axis("second", labelOf(other), shift)
      )}
      <ul className="legend">
        <li>
          <Swatch fill={fillOf(0)} /> work
        </li>
        <li>
          <Swatch fill="url(#hatched)" /> break
        </li>
        <li>
          <Swatch fill={fillOf(1)} /> unconfirmed: {unconfirmedText}
        </li>
      </ul>
    </div>
  );
}
