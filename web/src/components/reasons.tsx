import type { Reason } from "@/data/explanation";
import { lengthText } from "@/table/figures";
import { indented } from "./raw_text";
import { To } from "./to";

const parts: { part: Reason["part"]; title: string; about: string }[] = [
  { part: "hours", title: "Hours", about: "What the day counts, by client and activity." },
  { part: "session", title: "Sessions", about: "Each with the rule that ended it." },
  { part: "event", title: "Events", about: "Deleted ones too, and those of other days that end this day's sessions." },
  { part: "run", title: "Runs", about: "What brought the versions." },
];

/** Versions as received, in the order they came; lines that the version before did not have are marked. */
export function Versions({ reasons }: { reasons: readonly Reason[] }) {
  const versions = reasons.filter((reason) => reason.part === "version");
  const isOfOne = versions.every((version) => version.entryId === versions[0]?.entryId);
  const eventOf = (version: Reason) => {
    const event = reasons.find((reason) => reason.part === "event" && reason.entryId === version.entryId);
    return event && `${event.what}${event.at ? ` at ${event.at.slice(11)} UTC` : ""}`;
  };
  if (versions.length === 0) return <p className="empty">Nothing raw is kept of this.</p>;
  const before = (n: number): Set<string> | null => {
    const earlier = versions.slice(0, n).findLast((reason) => reason.entryId === versions[n]?.entryId && reason.payload !== null);
    return earlier?.payload ? new Set(indented(earlier.payload)) : null;
  };
  return (
    <ol className="versions">
      {versions.map((version, n) => {
        const known = before(n);
        return (
          <li key={version.rawEventId ?? n}>
            <details open={isOfOne && n === versions.length - 1}>
              <summary>{isOfOne ? version.what : `${eventOf(version) ?? "An entry"}, ${version.what}`}<span className="beside"> · fetched {version.at} UTC · run {version.runId ?? "unknown"} · {version.because}</span></summary>
              {version.payload === null ? <p className="empty">A tombstone: no payload.</p> : (
                <pre tabIndex={0} aria-label={`Payload of ${version.what}`}>
                  {indented(version.payload).map((line, row) => <span key={row}>{known && !known.has(line) ? <mark>{line}</mark> : line}{"\n"}</span>)}
                </pre>
              )}
            </details>
          </li>
        );
      })}
    </ol>
  );
}

export function Reasons({ reasons, only }: { reasons: readonly Reason[]; only?: string }) {
  return parts.map(({ part, title, about }) => {
    const rows = reasons.filter((reason) => reason.part === part);
    if (rows.length === 0) return null;
    return (
      <section key={part} className="panel" aria-labelledby={`part-${part}`}>
        <div className="panel-head"><h2 id={`part-${part}`}>{title}</h2><p className="beside">{about}</p></div>
        <ul className="reasons">
          {rows.map((reason, n) => (
            <li key={n} className={only && reason.entryId === only ? "chosen" : undefined}>
              <strong>{reason.entryId && part === "event" && reason.at ? <To href={`/entries/${reason.entryId}`}>{reason.what}</To> : reason.what}</strong>
              {reason.seconds !== null && <span className="figure-small">{lengthText(reason.seconds)}</span>}
              <span className="beside">{reason.at && <>{reason.at}{reason.until && ` – ${reason.until.slice(11)}`} UTC · </>}{reason.because}</span>
            </li>
          ))}
        </ul>
      </section>
    );
  });
}
