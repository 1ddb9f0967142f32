// Settings in words; one that is not listed is shown with spaces in place of its underscores.
import type { Field } from "./action";

type Known = Pick<Field, "label" | "hint" | "choices"> & {
  /** What a value has to be, where the database does not accept one. */
  accepts?: string;
  /** A length of time in hours and minutes, or in days: a number alone would be seconds to PostgreSQL. */
  length?: "hours" | "days";
  /** What an empty field means, where it may be empty. */
  empty?: string;
  /** What of everybody is counted again after a change; hours, or notes and weeks alone, or nothing. */
  recounts: "hours" | "notes" | "weeks" | "nothing" | null;
};

const only = (...values: [string, string][]) => values.map(([value, label]) => ({ value, label }));

const timeOfDay = "a time from 00:00 to 23:59, such as 05:00";
const upTo48 = "hours and minutes of more than 0:00 and at most 48:00, such as 12:00";

const known: Readonly<Record<string, Known>> = {
  day_cutoff: {
    label: "A day ends at",
    hint: "Local time, for agents without a cut-off of their own.",
    accepts: timeOfDay,
    recounts: "hours",
  },
  max_session: {
    label: "Longest session",
    hint: "Hours and minutes, at most 48:00.",
    accepts: upTo48,
    length: "hours",
    recounts: "hours",
  },
  overnight_switch: {
    label: "A session after midnight belongs to the day before for",
    hint: "Hours and minutes.",
    accepts: upTo48,
    length: "hours",
    recounts: "hours",
  },
  missing_clock_out: {
    label: "Without a clock-out, a session",
    choices: only(["day_end", "lasts to the end of the day"], ["zero", "has no hours"]),
    recounts: "hours",
  },
  activity_after_break: {
    label: "Work after a break counts for",
    choices: only(["as_sent", "the activity that Jibble sent"], ["carried_on", "the activity before the break"]),
    recounts: "hours",
  },
  long_session: {
    label: "Note sessions longer than",
    hint: "Hours and minutes.",
    accepts: upTo48,
    length: "hours",
    recounts: "notes",
  },
  week_starts_on: {
    label: "Week begins on",
    choices: only(
      ["1", "Monday"],
      ["2", "Tuesday"],
      ["3", "Wednesday"],
      ["4", "Thursday"],
      ["5", "Friday"],
      ["6", "Saturday"],
      ["7", "Sunday"],
    ),
    recounts: "weeks",
  },
  default_time_zone: {
    label: "The office's time zone",
    hint: "A name such as Asia/Manila.",
    accepts: "the name of a time zone that the server knows, such as Asia/Manila",
    recounts: "hours",
  },
  stale_after: {
    label: "Data are out of date after",
    hint: "Hours and minutes without a read that succeeded.",
    accepts: "hours and minutes of more than 0:00, such as 1:00",
    length: "hours",
    recounts: "nothing",
  },
  digest_grace: {
    label: "Digests wait after the end of a week for",
    hint: "Hours and minutes.",
    accepts: "hours and minutes from 0:00 to 168:00, which is 7 days",
    length: "hours",
    recounts: "nothing",
  },
  digest_time: {
    label: "Digests are sent at",
    hint: "In the client's time zone.",
    accepts: timeOfDay,
    recounts: "nothing",
  },
  briefing_time: {
    label: "The morning briefing is sent at",
    hint: "In the office's time zone.",
    accepts: timeOfDay,
    recounts: "nothing",
  },
  alert_pause: {
    label: "Alerts of one kind are sent at most once in",
    hint: "Hours and minutes, at most 24:00, to each address and to the webhook.",
    accepts: "hours and minutes of more than 0:00 and at most 24:00, such as 1:00",
    length: "hours",
    recounts: "nothing",
  },
  pass_silence: {
    label: "Without timesheetd, the database reports stale data after",
    hint: "Hours and minutes without a pass, at most 24:00. It needs pg_net, and the webhook's address in the Vault.",
    accepts: "hours and minutes of more than 0:00 and at most 24:00, such as 0:10",
    length: "hours",
    recounts: "nothing",
  },
  portal_link_days: {
    label: "Days for which a client's link to the portal works",
    hint: "0 to 366. 0 closes the portal. With fewer days, links that are then too old end permanently.",
    accepts: "a number of whole days from 0 to 366, such as 35",
    recounts: "nothing",
  },
  keep_payloads: {
    label: "Keep what Jibble sent whole for",
    hint: "Whole days from 1 to 36500, such as 365. Later only what hours are made of is kept. Empty: for good.",
    accepts: "a number of whole days from 1 to 36500, such as 365, or empty",
    length: "days",
    empty: "for good",
    recounts: "nothing",
  },
  engine: {
    label: "Engine",
    choices: only(["auto", "automatic"], ["native", "native"], ["sql", "SQL"]),
    recounts: "nothing",
  },
};

export function isSetting(name: string): boolean {
  return Object.hasOwn(known, name);
}

export function settingName(name: string): Known {
  return (isSetting(name) && known[name]) || { label: name.replaceAll("_", " "), recounts: null };
}

/** As PostgreSQL takes it: 365 days are entered as 365. */
export function settingValue(name: string, text: string): string {
  const given = text.trim();
  const days = settingName(name).length === "days" ? /^0*(\d{1,9})(?: days?)?$/.exec(given)?.[1] : undefined;
  return days === undefined ? given : `${days} ${days === "1" ? "day" : "days"}`;
}

/** A value as people read it. */
export function settingText(name: string, value: string): string {
  const { choices, empty } = settingName(name);
  if (value === "") return empty ?? "not set";
  const choice = choices?.find((each) => each.value === value);
  return choice?.label ?? settingValue(name, value).replace(/^(\d+:\d\d):00$/, "$1");
}

/** What to say where a value is not accepted. */
export function settingRemedy(name: string): string {
  const { label, choices, accepts } = settingName(name);
  const wanted = choices ? `one of: ${choices.map((each) => each.label).join(", ")}` : accepts;
  return wanted ? `“${label}” has to be ${wanted}.` : `“${label}” does not accept this value.`;
}
