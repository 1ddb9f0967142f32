import type { Reason } from "@/data/explanation";
import { timeText } from "@/range/days";
import { lengthText } from "@/table/figures";
import { indented } from "./raw_text";
import { AppLink } from "./app_link";
import { Sentence } from "./rule_link";

const parts: { part: Reason["part"]; title: string; about: string }[] = [
  { part: "hours", title: "Hours", about: "What counts on this day, by client and activity." },
  { part: "session", title: "Sessions", about: "Each with why it ended, and the rule for that." },
  {
    part: "event",
    title: "Entries",
    about: "Including deleted ones, and those of other days that end this day's sessions.",
  },
  { part: "run", title: "Reads from Jibble", about: "Those that brought the versions." },
];

/** Versions as received, in the order of their arrival; lines that are new in a version are marked. */
export function Versions({ reasons }: { reasons: readonly Reason[] }) {
  const versions = reasons.filter((reason) => reason.part === "version");
  const isOfOne = versions.every((version) => version.entryId === versions[0]?.entryId);
  const eventOf = (version: Reason) => {
    const event = reasons.find((reason) => reason.part === "event" && reason.entryId === version.entryId);
    return event && `${event.what}${event.at ? ` at ${event.at.slice(11)}` : ""}`;
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
                  · fetched {timeText(version.at)} · run {version.runId ?? "unknown"} ·{" "}
                  <Sentence text={version.because} />
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

export function Reasons({ reasons, only }: { reasons: readonly Reason[]; only?: string }) {
  return parts.map(({ part, title, about }) => {
    const rows = reasons.filter((reason) => reason.part === part);
    if (rows.length === 0) return null;
    return (
      <section key={part} className="panel" aria-labelledby={`part-${part}`}>
        <div className="panel-head">
          <h2 id={`part-${part}`}>{title}</h2>
          <p className="detail">
            {about}
            {rows.some((reason) => reason.at) && ` Times are in ${rows[0]?.timeZone}.`}
          </p>
        </div>
        <ul className="reasons">
          {rows.map((reason, n) => (
            <li key={n} className={only && reason.entryId === only ? "chosen" : undefined}>
              <strong>
                {reason.entryId && part === "event" && reason.at ? (
                  <AppLink href={`/entries/${reason.entryId}`}>{reason.what}</AppLink>
                ) : (
                  reason.what
                )}
              </strong>
              {reason.seconds !== null && <span className="figure-small">{lengthText(reason.seconds)}</span>}
              <span className="detail">
                {reason.at && (
                  <>
                    {timeText(reason.at)}
                    {reason.until && ` – ${reason.until.slice(11)}`} ·{" "}
                  </>
                )}
                <Sentence text={reason.because} />
              </span>
            </li>
          ))}
        </ul>
      </section>
    );
  });
}
