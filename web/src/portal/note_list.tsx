import { noteName } from "@/components/codes";
import { clockSpan } from "@/range/clock";
import { longDay } from "@/range/days";
import type { Column } from "@/table/columns";
import type { Note } from "./notes";

export const noteColumns: Column<Note>[] = [
  { key: "day", label: "Day", value: (note) => note.day },
  { key: "client", label: "Client", value: (note) => note.group },
  { key: "agent", label: "Agent", value: (note) => note.agent },
  { key: "what", label: "Note", value: (note) => noteName(note.code) },
  { key: "at", label: "Time", value: (note) => note.at },
  { key: "detail", label: "Details", value: (note) => note.detail },
];

export const correctionColumns = noteColumns.filter(({ key }) => key !== "what" && key !== "at");

type Properties = {
  id: string;
  caption: string;
  about: string;
  notes: readonly Note[];
  hasGroups: boolean;
  csv: string;
};

/** Notes, or corrections: what happened, on which day, and what was counted. */
export function NoteList({ id, caption, about, notes, hasGroups, csv }: Properties) {
  if (notes.length === 0) return null;
  return (
    <section className="panel" aria-labelledby={`${id}-title`}>
      <div className="panel-head">
        <h2 id={`${id}-title`}>{caption}</h2>
        <a className="button quiet" href={csv} download>
          CSV<span className="visually-hidden"> of {caption}</span>
        </a>
      </div>
      <p className="about">{about}</p>
      <ul className="list" data-list={id}>
        {notes.map((note, n) => (
          <li key={n} data-code={note.code}>
            <p className="lead">
              <strong dir="auto">{note.agent}</strong>
              <span className="side">{longDay(note.day)}</span>
            </p>
            <p className="more">
              {note.code !== "corrected" && <>{noteName(note.code)}: </>}
              <span className="what">{note.detail}</span>
              {note.at && ` · ${clockSpan(note.at, null, note.day)}`}
              {hasGroups && (
                <>
                  {" · "}
                  <bdi>{note.group}</bdi>
                </>
              )}
            </p>
          </li>
        ))}
      </ul>
    </section>
  );
}
