import type { Reason } from "@/data/explanation";
import type { Figure } from "@/data/rounded";
import type { Unit } from "@/range/hours_unit";
import { timeText } from "@/range/days";
import { address } from "@/range/state";
import { hoursText, lengthText } from "@/table/figures";
import { Sentence } from "./rule_link";
import { TwoClocks } from "./two_clocks";
import { Versions } from "./versions";

const inPart = (reasons: readonly Reason[], part: Reason["part"]) => reasons.filter((reason) => reason.part === part);

/** The rows of a day that have hours. */
export const countedOf = (reasons: readonly Reason[]) => inPart(reasons, "hours");

type Counted = { reasons: readonly Reason[]; figures: readonly Figure[]; unit: Unit };

/** What counts on a day, by client and activity: rounded as elsewhere, and exactly. */
export function CountedHours({ reasons, figures, unit }: Counted) {
  const rows = countedOf(reasons);
  if (rows.length === 0) return null;
  return (
    <section className="panel" aria-labelledby="part-hours">
      <div className="panel-head">
        <h2 id="part-hours">Hours</h2>
        <p className="detail">What counts on this day, by client and activity.</p>
      </div>
      <ul className="reasons">
        {rows.map((row, n) => (
          <li key={n}>
            <strong>{row.what}</strong>
            <span className="figure-small">{hoursText(figures[n] ?? 0, unit)}</span>
            <span className="detail">
              {row.seconds !== null && `exactly ${lengthText(row.seconds)} · `}
              <Sentence text={row.because} />
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

type OfDay = { reasons: readonly Reason[]; agentId: number; workday: string; entry?: string };

/** The sessions and entries of a day, or of one entry, in sentences, by both clocks. */
export function Happened({ reasons, agentId, workday, entry = "" }: OfDay) {
  const csv = (table: string) => address(`/agents/${agentId}/${workday}/csv`, { table, entry });
  return (
    <>
      <TwoClocks
        part="session"
        title="What happened"
        about="Each session, how it ended, and the rule for that."
        rows={inPart(reasons, "session")}
        workday={workday}
        csv={csv("session")}
      />
      <TwoClocks
        part="event"
        title="Entries"
        about="Including deleted ones, and those of other days that end this day's sessions."
        rows={inPart(reasons, "event")}
        workday={workday}
        csv={csv("event")}
      />
    </>
  );
}

/** Whether what is shown is what Jibble sent: of a payload that was reduced, a part alone is left. */
function receivedText(reasons: readonly Reason[]): string {
  const payloads = inPart(reasons, "version").filter((version) => version.payload !== null);
  const reduced = payloads.filter((version) => version.reducedOn !== null);
  if (reduced.length === 0) return "Byte for byte as Jibble sent them.";
  const what = "to what hours are made of, after the time for which payloads are kept or as the person was erased.";
  return reduced.length === payloads.length
    ? `Reduced ${what}`
    : `Byte for byte as Jibble sent them, but for those that were reduced ${what}`;
}

/** What a developer looks for: times in UTC, ids, what Jibble sent and which runs brought it. */
export function AsReceived({ reasons, isOpen = false }: { reasons: readonly Reason[]; isOpen?: boolean }) {
  const runs = inPart(reasons, "run");
  const moments = reasons.filter((reason) => reason.part === "event");
  if (reasons.length === 0) return null;
  return (
    <details className="panel raw" open={isOpen}>
      <summary>
        <h2>As received</h2> <span className="detail">For developers: what Jibble sent, ids, and times in UTC.</span>
      </summary>
      {moments.length > 0 && (
        <section aria-labelledby="utc">
          <h3 id="utc">Entries in UTC</h3>
          <ul className="reasons">
            {moments.map((row, n) => (
              <li key={n}>
                <strong>{row.what}</strong>
                <span className="detail">
                  {row.atUtc ? `${timeText(row.atUtc)} UTC` : "no time"} · <code>{row.entryId}</code>
                </span>
              </li>
            ))}
          </ul>
        </section>
      )}
      <section aria-labelledby="versions">
        <h3 id="versions">Versions</h3>
        <p className="hint">{receivedText(reasons)} Changes are marked. Times are in UTC.</p>
        <Versions reasons={reasons} />
      </section>
      {runs.length > 0 && (
        <section aria-labelledby="part-run">
          <h3 id="part-run">Reads from Jibble</h3>
          <p className="hint">Those that brought the versions. Times are in UTC.</p>
          <ul className="reasons">
            {runs.map((row, n) => (
              <li key={n}>
                <strong>{row.what}</strong>
                <span className="detail">
                  {timeText(row.atUtc)}
                  {row.untilUtc && ` – ${row.untilUtc.slice(11)}`} · {row.because}
                </span>
              </li>
            ))}
          </ul>
        </section>
      )}
    </details>
  );
}
