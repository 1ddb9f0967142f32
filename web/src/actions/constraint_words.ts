// What the database does not accept, by the name of its constraint or column, in the words of the forms.
import { isSetting, settingName, settingRemedy } from "./setting_names.ts";

/** Of postgres.js: what PostgreSQL says of a constraint that was violated. */
export type Violation = { constraint_name?: string; column_name?: string };

const quoted = (name: string) => `“${settingName(name).label}”`;

/** As a sentence: PostgreSQL's begin with a small letter and have no full stop. */
export function sentence(text: string): string {
  const first = text.trim();
  return first.charAt(0).toUpperCase() + first.slice(1) + (/[.!?]$/.test(first) ? "" : ".");
}

/** With the labels of settings in place of their names. */
export function inLabels(message: string): string {
  return message.replace(/\b(?:the setting )?([a-z]+(?:_[a-z]+)+)\b/g, (text, name: string) =>
    isSetting(name) ? quoted(name) : text,
  );
}

/** The setting that a constraint's name begins with. */
function settingOf(constraint: string): string | null {
  const name = constraint.split("_must_")[0] ?? "";
  return name !== constraint && isSetting(name) ? name : null;
}

function ofConstraint(constraint: string): string {
  const [, shorter, longer] = /^(.+)_must_not_exceed_(.+)$/.exec(constraint) ?? [];
  if (shorter && longer && isSetting(shorter) && isSetting(longer))
    return `${quoted(shorter)} must not be longer than ${quoted(longer)}. Change one of the two.`;
  const setting = settingOf(constraint);
  if (setting) return settingRemedy(setting);
  // Names that PostgreSQL gave say nothing; the project's own are sentences.
  return /_(must|is|are|has|have)_/.test(constraint)
    ? sentence(constraint.slice(0, 100).replaceAll("_", " "))
    : "The database does not accept one of the values, as it does not go together with what is there.";
}

/** Null for what is no violation of a constraint. */
export function violationWords(code: string, { constraint_name, column_name }: Violation): string | null {
  if (code === "23502" && column_name) return `${quoted(column_name)} cannot be empty. Enter a value.`;
  if (!code.startsWith("23")) return null;
  return ofConstraint(constraint_name ?? "");
}

/** A value that is not of its type: PostgreSQL's own words are for those who write SQL. */
export function valueWords(code: string, message: string): string {
  const [, setting, value] = /^the setting (\w+) cannot be (.*?): /s.exec(message) ?? [];
  if (setting && isSetting(setting)) return `${settingRemedy(setting)} “${value}” is not.`;
  // timesheet's own functions raise this one alone, in sentences.
  if (code === "22023") return sentence(inLabels(message));
  if (code === "22001") return "One of the values is too long.";
  if (code === "22003" || code === "22008") return "One of the values is too large, or no date or time that exists.";
  return "One of the values is not of the kind that the form asks for.";
}
