import type { Note } from "@/data/notes";
import { shortDay, weekday } from "@/range/days";
import { AppLink } from "./app_link";
import { noteName } from "./codes";
import { RuleLink } from "./rule_link";
import { ruleOfNote } from "./rules";

/** Where a note's entry is shown. What was rejected became no entry: Health lists it. */
function pathOf(note: Note): string {
  return note.entryId === null || note.code === "rejected_entry" ? "/health#problems" : `/entries/${note.entryId}`;
}

export function NoteList({ notes, isAgentNamed }: { notes: readonly Note[]; isAgentNamed: boolean }) {
  if (notes.length === 0) return <p className="empty">Nothing needs attention on these days.</p>;
  return (
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
              {note.atLocal && `, ${note.atLocal.slice(11)} (${note.timeZone})`}
            </AppLink>{" "}
            · {note.client} · {note.detail} · <RuleLink rule={ruleOfNote(note.code)} />
          </span>
        </li>
      ))}
    </ul>
  );
}
