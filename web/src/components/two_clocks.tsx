import type { Reason } from "@/data/explanation";
import { clockShift, clockSpan } from "@/range/clock";
import { ExportLinks } from "@/table/export_links";
import { lengthText } from "@/table/figures";
import { AppLink } from "./app_link";
import { Sentence } from "./rule_link";

type Properties = {
  part: "session" | "event";
  title: string;
  about: string;
  rows: readonly Reason[];
  workday: string;
  csv: string;
};

/** A change of the clock between two times, in words; nothing if there was none. */
function Shift({ from, until, seconds }: { from: string; until: string | null; seconds: number | null }) {
  const minutes = until === null || seconds === null ? 0 : clockShift(from, until, seconds);
  if (minutes === 0) return null;
  return (
    <span className="detail">
      The clock went {minutes > 0 ? "forward" : "back"} by {lengthText(Math.abs(minutes) * 60).slice(0, -3)}.
    </span>
  );
}

/** One clock's column; the zone is named in each row where the head cannot name it. */
function Clock({ row, isClients, zone, workday }: { row: Reason; isClients: boolean; zone: boolean; workday: string }) {
  const [from, until] = isClients ? [row.atClient, row.untilClient] : [row.at, row.until];
  if (from === null) return <td className="clock">no time</td>;
  return (
    <td className="clock" data-clock={isClients ? "client" : "agent"}>
      <span className="times">{clockSpan(from, until, workday)}</span>
      {zone && <span className="detail">{isClients ? row.clientTimeZone : row.timeZone}</span>}
      <Shift from={from} until={until} seconds={row.seconds} />
    </td>
  );
}

/** What happened, in order, by the agent's clock and the client's. */
export function TwoClocks({ part, title, about, rows, workday, csv }: Properties) {
  if (rows.length === 0) return null;
  const timed = rows.filter((row) => row.at !== null);
  const zones = (isClients: boolean) => new Set(timed.map((row) => (isClients ? row.clientTimeZone : row.timeZone)));
  const head = (isClients: boolean) =>
    zones(isClients).size > 1 ? "several zones" : ([...zones(isClients)][0] ?? "none");
  const isSame = timed.every((row) => row.timeZone === row.clientTimeZone);
  const columns = isSame ? [false] : [false, true];
  return (
    <section className="panel" aria-labelledby={`part-${part}`}>
      <div className="panel-head">
        <h2 id={`part-${part}`}>{title}</h2>
        <p className="detail">{about}</p>
        <div className="panel-tools">
          <ExportLinks csv={csv} caption={title} />
        </div>
      </div>
      <table className="two-clocks" data-table={`day-${part}s`}>
        <thead>
          <tr>
            {columns.map((isClients) => (
              <th key={String(isClients)} scope="col">
                {isSame ? "Agent's and client's time" : isClients ? "Client's time" : "Agent's time"}
                <span className="zone">{head(isClients)}</span>
              </th>
            ))}
            {part === "session" && <th scope="col">Length</th>}
            <th scope="col">{part === "session" ? "What the agent did" : "Entry, and the day it counts for"}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row, n) => (
            <tr key={n}>
              {columns.map((isClients) => (
                <Clock
                  key={String(isClients)}
                  row={row}
                  isClients={isClients}
                  zone={zones(isClients).size > 1}
                  workday={workday}
                />
              ))}
              {part === "session" && <td className="length">{row.seconds !== null && lengthText(row.seconds)}</td>}
              <td className="said">
                {part === "event" && (
                  <strong>
                    {row.entryId && row.at ? <AppLink href={`/entries/${row.entryId}`}>{row.what}</AppLink> : row.what}
                    {row.seconds !== null && ` ${lengthText(row.seconds)}`}
                  </strong>
                )}
                <span className="sentence">
                  <Sentence text={row.because} />.
                </span>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
