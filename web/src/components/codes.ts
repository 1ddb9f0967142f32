// The database's codes in words. A code that is not listed is shown with spaces in place of its underscores.
const noteNames: Readonly<Record<string, string>> = {
  missing_clock_out: "No clock-out",
  break_left_open: "Break left open",
  auto_clock_out: "Clocked out automatically",
  long_session: "Long session",
  clock_out_without_clock_in: "Clock-out without clock-in",
  unknown_type: "Unknown type of entry",
  odd_workday: "Odd workday",
  unknown_time_zone: "Unknown time zone",
  no_client_group: "No client group",
  rejected_entry: "Rejected",
  corrected: "Corrected",
};

const endReasons: Readonly<Record<string, string>> = {
  next_activity: "next activity",
  break: "break",
  clock_out: "clock-out",
  auto_clock_out: "automatic clock-out",
  running: "running",
  missing_clock_out: "no clock-out",
  break_left_open: "break left open",
};

/** The titles of timesheet.alert_texts(), which messages and docs/alerts.md have too. */
const alertKinds: Readonly<Record<string, string>> = {
  stale_feed: "Data from Jibble is out of date",
  failing_runs: "Runs of timesheetd keep failing",
  deletions_held: "Deletions held back",
  audit_differs: "Hours differ from those of Jibble",
  digest_overdue: "Digest overdue",
  digest_failed: "Digest failed",
  digest_in_doubt: "Digest in doubt",
  entries_rejected: "Entries rejected",
  contact_problems: "Contacts to correct",
  sender_refused: "E-mail sender refused",
  poller_unreachable: "Poller unreachable",
  notification_failed: "Notification failed",
};

const runCommands: Readonly<Record<string, string>> = {
  sync: "Latest days (sync)",
  nightly: "Nightly resync",
  backfill: "History (backfill)",
  replay: "Rebuild (replay)",
  contacts: "Contacts",
};

const runStatuses: Readonly<Record<string, string>> = { cut: "stopped, goes on at the next run" };

const auditResults: Readonly<Record<string, string>> = {
  differs: "differs",
  refused: "not compared",
  unreadable: "not compared",
};

const resources: Readonly<Record<string, string>> = {
  TimeEntries: "Time entry",
  HourEntries: "Hour entry",
  People: "Person",
  TimeTrackingPeople: "Person",
  Groups: "Client group",
  Activities: "Activity",
  Organizations: "Organisation",
};

const entryTypes: Readonly<Record<string, string>> = { In: "Clock-in", Out: "Clock-out", StartBreak: "Break" };

const personStatuses: Readonly<Record<string, string>> = { Joined: "Joined", Invited: "Invited", Removed: "Removed" };

/** Own members only: a code is the database's text, and every object has a constructor. */
function nameIn(names: Readonly<Record<string, string>>, code: string): string {
  return (Object.hasOwn(names, code) && names[code]) || code.replaceAll("_", " ");
}

export const noteName = (code: string) => nameIn(noteNames, code);
export const endReasonName = (code: string) => nameIn(endReasons, code);
export const alertName = (code: string) => nameIn(alertKinds, code);
export const runCommandName = (code: string) => nameIn(runCommands, code);
export const runStatusName = (code: string) => nameIn(runStatuses, code);
export const auditResultName = (code: string) => nameIn(auditResults, code);
export const resourceName = (code: string) => nameIn(resources, code);
export const entryTypeName = (code: string) => nameIn(entryTypes, code);
export const personStatusName = (code: string | null) => (code === null ? "Unknown" : nameIn(personStatuses, code));

/** The codes of a day's notes, as attendance lists them. */
export function noteNamesOf(codes: string): string {
  return codes.split(", ").filter(Boolean).map(noteName).join(", ");
}
