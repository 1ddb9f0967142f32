import type { Note } from "@/data/notes";
import { shortDay, weekday } from "@/range/days";
import { To } from "./to";

const names: Record<string, string> = {
  missing_clock_out: "No clock-out",
  break_left_open: "Break left open",
  auto_clock_out: "Clocked out automatically",
  long_session: "Long session",
  clock_out_without_clock_in: "Clock-out without clock-in",
  unknown_type: "Unknown type of entry",
  odd_workday: "Odd workday",
  unknown_time_zone: "Unknown time zone",
  no_client_group: "No client group",
  rejected_entry: "Not understood",
};

export function noteName(code: string): string {
  return names[code] ?? code.replaceAll("_", " ");
}

/** A day's note codes, as attendance lists them, in words. */
export function noteNames(codes: string): string {
  return codes.split(", ").filter(Boolean).map(noteName).join(", ");
}

/** Where a note's entry is to be seen. What was not understood became no entry: Health lists what is raw. */
function pathOf(note: Note): string {
  return note.entryId === null || note.code === "rejected_entry" ? "/health#problems" : `/entries/${note.entryId}`;
}

export function NoteList({ notes, isAgentNamed }: { notes: readonly Note[]; isAgentNamed: boolean }) {
  if (notes.length === 0) return <p className="empty">Nothing needs attention in these days.</p>;
  return (
    <ul className="notes">
      {notes.map((note, n) => (
        <li key={`${n} ${note.entryId} ${note.code}`}>
          <span className={`tag ${note.code}`}>{noteName(note.code)}</span>
          {isAgentNamed && (note.agentId === null ? <span>{note.agent}</span> : <To href={`/agents/${note.agentId}?from=${note.workday}&to=${note.workday}`}>{note.agent}</To>)}
          <span className="beside">
            <To href={pathOf(note)}>{weekday(note.workday)} {shortDay(note.workday)}{note.atLocal && `, ${note.atLocal.slice(11)}`}</To> · {note.client} · {note.detail}
          </span>
        </li>
      ))}
    </ul>
  );
}
