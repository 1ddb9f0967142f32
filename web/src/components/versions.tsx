import type { Reason } from "@/data/explanation";
import { longDay, timeText } from "@/range/days";
import { indented } from "./raw_text";

/** Versions as received, in the order of their arrival; lines that are new in a version are marked. */
export function Versions({ reasons }: { reasons: readonly Reason[] }) {
  const versions = reasons.filter((reason) => reason.part === "version");
  const isOfOne = versions.every((version) => version.entryId === versions[0]?.entryId);
  const eventOf = (version: Reason) => {
    const event = reasons.find((reason) => reason.part === "event" && reason.entryId === version.entryId);
    return event && `${event.what}${event.atUtc ? ` at ${event.atUtc.slice(11)}` : ""}`;
  };
  if (versions.length === 0) return <p className="empty">No version was received.</p>;
  const before = (n: number): Set<string> | null => {
    const earlier = versions
      .slice(0, n)
      .findLast((reason) => reason.entryId === versions[n]?.entryId && reason.payload !== null);
    return earlier?.payload ? new Set(indented(earlier.payload)) : null;
  };
  return (
    <ol className="versions">
      {versions.map((version, n) => {
        const known = before(n);
        return (
          <li key={version.rawEventId ?? n}>
            <details open={isOfOne && n === versions.length - 1}>
              <summary>
                {isOfOne ? version.what : `${eventOf(version) ?? "An entry"}, ${version.what}`}
                <span className="detail">
                  {" "}
                  · fetched {timeText(version.atUtc)} · run {version.runId ?? "unknown"} · {version.because}
                  {version.reducedOn !== null && ` · reduced on ${longDay(version.reducedOn)}`}
                </span>
              </summary>
              {version.payload === null ? (
                <p className="empty">Jibble no longer has it, so there is no content.</p>
              ) : (
                <pre tabIndex={0} aria-label={`Content of ${version.what}`}>
                  {indented(version.payload).map((line, row) => (
                    <span key={row}>
                      {known && !known.has(line) ? <mark>{line}</mark> : line}
                      {"\n"}
                    </span>
                  ))}
                </pre>
              )}
            </details>
          </li>
        );
      })}
    </ol>
  );
}
