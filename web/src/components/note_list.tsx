import type { Note } from "@/data/notes";
import { clockSpan } from "@/range/clock";
import { shortDay, weekday } from "@/range/days";
import { AppLink } from "./app_link";
import { noteName } from "./codes";
import { RuleLink } from "./rule_link";
import { ruleOfNote } from "./rules";

/** Where a note's entry is shown. What was rejected became no entry: Health lists it. */
function pathOf(note: Note): string {
  return note.entryId === null || note.code === "rejected_entry" ? "/health#problems" : `/entries/${note.entryId}`;
}

/** The note's time by the client's clock, where that is another than the agent's. */
function clientsTimeOf(note: Note): string {
  return !note.atLocal || note.clientTimeZone === note.timeZone || note.clientKey === 0
    ? ""
    : `, for the client ${clockSpan(note.atClient, null, note.workday)} (${note.clientTimeZone})`;
}

function sentenceOf(note: Note): string {
  return note.code === "rejected_entry"
    ? "Jibble sent an entry that could not be read, so it counts for nothing"
    : note.detail;
}

export function NoteList({ notes, isAgentNamed }: { notes: readonly Note[]; isAgentNamed: boolean }) {
  if (notes.length === 0) return <p className="empty">Nothing needs attention on these days.</p>;
  return (
    <>
      <ul className="notes">
        {notes.map((note, n) => (
          <li key={`${n} ${note.entryId} ${note.code}`}>
            <span className={`tag ${note.code}`}>{noteName(note.code)}</span>
            {isAgentNamed &&
              (note.agentId === null ? (
                <span>{note.agent}</span>
              ) : (
                <AppLink href={`/agents/${note.agentId}?from=${note.workday}&to=${note.workday}`}>{note.agent}</AppLink>
              ))}
            <span className="detail">
              <AppLink href={pathOf(note)}>
                {weekday(note.workday)} {shortDay(note.workday)}
                {note.atLocal && `, ${clockSpan(note.atLocal, null, note.workday)} (${note.timeZone})`}
              </AppLink>
              {clientsTimeOf(note)} · {note.client} · {sentenceOf(note)} · <RuleLink rule={ruleOfNote(note.code)} />
            </span>
          </li>
        ))}
      </ul>
      <details className="raw codes">
        <summary>Codes, ids and times in UTC</summary>
        <pre tabIndex={0} aria-label="Codes, ids and times of the notes">
          {notes
            .map((note) => [note.code, `${note.atUtc} UTC`, note.entryId ?? "no id", note.detail].join(" · "))
            .join("\n")}
        </pre>
      </details>
    </>
  );
}
