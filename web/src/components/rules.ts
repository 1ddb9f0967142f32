import type { DocPlace } from "@/components/doc_link";

/** The rules of docs/rules.md: a name for people who do not know their numbers, and where each is in that page. */
export const rules = {
  R1: { name: "kinds of entry", anchor: "r1-kind" },
  R2: { name: "order of entries", anchor: "r2-order" },
  R3: { name: "workday", anchor: "r3-workday" },
  R4: { name: "end of the workday", anchor: "r4-workday-end" },
  R5: { name: "end of a session", anchor: "r5-end" },
  R6: { name: "session without an end", anchor: "r6-unclosed" },
  R7: { name: "reason of the end", anchor: "r7-end-reason" },
  R8: { name: "activity and client", anchor: "r8-attribution" },
  R9: { name: "clock-in and clock-out", anchor: "r9-clock-in-clock-out" },
  R10: { name: "hours", anchor: "r10-hours" },
  R11: { name: "week", anchor: "r11-week" },
  R12: { name: "rounding", anchor: "r12-rounding" },
  R13: { name: "notes", anchor: "r13-notes" },
} as const;

export type Rule = keyof typeof rules;

export function isRule(text: string): text is Rule {
  return Object.hasOwn(rules, text);
}

/** The rule that a note comes from, by its code. */
const noteRules: Readonly<Record<string, Rule>> = {
  missing_clock_out: "R6",
  break_left_open: "R6",
  auto_clock_out: "R7",
  unknown_type: "R1",
  odd_workday: "R3",
  unknown_time_zone: "R3",
  no_client_group: "R8",
};

/** What the documentation says about an alert, by its kind. */
export const alertPlaces: Readonly<Record<string, DocPlace>> = {
  stale_feed: "alerts.md#data-from-jibble-is-out-of-date",
  failing_runs: "alerts.md#runs-of-timesheetd-keep-failing",
  deletions_held: "alerts.md#deletions-held-back",
  audit_differs: "alerts.md#hours-differ-from-those-of-jibble",
  digest_overdue: "alerts.md#digest-overdue",
  digest_failed: "alerts.md#digest-failed",
  digest_in_doubt: "alerts.md#digest-in-doubt",
  entries_rejected: "alerts.md#entries-rejected",
  contact_problems: "alerts.md#contacts-to-correct",
  sender_refused: "alerts.md#e-mail-sender-refused",
  poller_unreachable: "alerts.md#poller-unreachable",
  notification_failed: "alerts.md#notification-failed",
};

export function placeOfAlert(kind: string): DocPlace | null {
  return (Object.hasOwn(alertPlaces, kind) && alertPlaces[kind]) || null;
}

export function ruleOfNote(code: string): Rule {
  return (Object.hasOwn(noteRules, code) && noteRules[code]) || "R13";
}
