// Why nothing was done, in a sentence with what to do about it.
import { isUnavailable, Unavailable } from "@/data/unavailable";
import { changedMeanwhile, Refusal } from "./action";
import { inLabels, sentence, valueWords, type Violation, violationWords } from "./constraint_words";

type DatabaseError = Violation & { code: string; message: string; hint?: string };

function isOfDatabase(error: unknown): error is DatabaseError {
  return (
    error instanceof Error && "code" in error && typeof error.code === "string" && /^[0-9A-Z]{5}$/.test(error.code)
  );
}

/** The database's own remedy, unless it is one for those who write SQL. */
function remedy(hint: string | undefined): string {
  return hint && !hint.includes("timesheet.") ? sentence(hint) : "Look at how it is now, then decide again.";
}

function ofDatabase(error: DatabaseError): string | null {
  const { code, message, hint } = error;
  switch (code) {
    case "0A000":
      return `${sentence(message)} Nothing was done. Choose another value, or ask the administrator.`;
    case "P0002":
      return `${sentence(message)} Choose it again from the list: it may have been removed.`;
    case "55000":
      return `${sentence(message)} So nothing was done. ${remedy(hint)}`;
    case "40001":
    case "40P01":
      return `${changedMeanwhile} ${sentence(inLabels(message))}`;
    case "55P03":
      return (
        "Another change, or a read from Jibble, is being carried out. Nothing was done. " +
        "Send the form again in a minute."
      );
    case "57014":
      return (
        "It took too long and was stopped. Nothing was done. " +
        "Try again when less is going on, or with fewer days: from a later date."
      );
    case "25006":
      return "The database accepts no changes at the moment. Nothing was done. Try again later.";
    case "42501":
    case "42883":
      return (
        "The database does not let the dashboard do this. Nothing was done. For the administrator: " +
        "OPERATOR_DATABASE_URL has to be a login in the role timesheet_operator; docs/roles.md says how."
      );
  }
  // A value that is not accepted: 22023, a constraint, a date that does not exist.
  if (!/^2[23]/.test(code)) return null;
  const why = violationWords(code, error) ?? valueWords(code, message);
  return `${why} Nothing was done. Correct the value and send the form again.`;
}

/** What to say to the person; an error that is not expected goes to the log. */
export function wordsOf(error: unknown, action: string): string {
  if (error instanceof Refusal) return error.message;
  const known = isOfDatabase(error) ? ofDatabase(error) : null;
  if (known) return known.slice(0, 600);
  if (error instanceof Unavailable && !error.isSilent)
    return "The database is busy. Nothing was done. Send the form again in a minute.";
  const reference = crypto.randomUUID().slice(0, 8);
  console.error(`${action} was not carried out (${reference}):`, error instanceof Error ? error.message : error);
  return isUnavailable(error)
    ? "The connection to the database was lost, so it is not known whether this was done. " +
        "Send the form again: what was done already is not done twice."
    : `This could not be done: the server's log has the reason under ${reference}. Nothing was done. ` +
        "Ask the administrator.";
}
