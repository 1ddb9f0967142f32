// An alert's detail ends with what the administrator runs or looks up: that is shown apart.

/** A command of timesheetd, one of its options, a statement or an object of the database. */
const command = /\btimesheetd (?:[a-z]+ )?--[a-z]|\btimesheet\.[a-z_]+|\bSELECT /;

export type AlertText = { sentence: string; forAdministrator: string | null };

/** Without the comma, colon or semicolon that led on. */
const withoutLead = (text: string) => text.trim().replace(/[,;:]$/, "");

/** The sentence for everybody, and what the administrator needs, which is all from the first command's clause on. */
export function alertText(detail: string): AlertText {
  const clauses = detail.split(/(?<=[.;]) |, (?=or until timesheetd )|(?<=:) (?=timesheet\.)/);
  const first = clauses.findIndex((clause) => command.test(clause));
  if (first < 1) return { sentence: detail, forAdministrator: null };
  const rest = clauses
    .slice(first)
    .join(" ")
    .replace(/^or until /, "");
  return {
    sentence: withoutLead(clauses.slice(0, first).join(" ")),
    // A command keeps its name as it is.
    forAdministrator: /^timesheet/.test(rest) ? rest : rest.charAt(0).toUpperCase() + rest.slice(1),
  };
}
