// Settings in words; one that is not listed is shown with spaces in place of its underscores.
import type { Field } from "./action";

type Known = Pick<Field, "label" | "hint" | "choices">;

const only = (...values: [string, string][]) => values.map(([value, label]) => ({ value, label }));

const known: Readonly<Record<string, Known>> = {
  day_cutoff: { label: "A day ends at", hint: "Local time, for agents without a cut-off of their own." },
  max_session: { label: "Longest session", hint: "Hours and minutes, at most 48:00." },
  overnight_switch: { label: "A session after midnight belongs to the day before for", hint: "Hours and minutes." },
  missing_clock_out: {
    label: "Without a clock-out, a session",
    choices: only(["day_end", "lasts to the end of the day"], ["zero", "has no hours"]),
  },
  activity_after_break: {
    label: "Work after a break counts for",
    choices: only(["as_sent", "the activity that Jibble sent"], ["carried_on", "the activity before the break"]),
  },
  long_session: { label: "Note sessions longer than", hint: "Hours and minutes." },
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
  },
  default_time_zone: { label: "The office's time zone", hint: "A name such as Asia/Manila." },
  stale_after: { label: "Data are out of date after", hint: "Hours and minutes without a read that succeeded." },
  digest_grace: { label: "Digests wait after the end of a week for", hint: "Hours and minutes." },
  digest_time: { label: "Digests are sent at", hint: "In the client's time zone." },
  briefing_time: { label: "The morning briefing is sent at", hint: "In the office's time zone." },
  portal_link_days: { label: "Days for which a client's link works" },
  engine: { label: "Engine", choices: only(["auto", "automatic"], ["native", "native"], ["sql", "SQL"]) },
};

export function settingName(name: string): Known {
  return (Object.hasOwn(known, name) && known[name]) || { label: name.replaceAll("_", " ") };
}

/** A value as people read it. */
export function settingText(name: string, value: string): string {
  if (value === "") return "not set";
  const choice = settingName(name).choices?.find((each) => each.value === value);
  return choice?.label ?? value.replace(/^(\d+:\d\d):00$/, "$1");
}
