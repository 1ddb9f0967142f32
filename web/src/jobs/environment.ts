// What timesheetd gets of this function's environment, and what of that no answer may show.
import { join } from "node:path";
import { passwordsOf } from "./passwords.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** All that timesheetd reads but DATABASE_URL: timesheetd --help. */
export const programVariables = [
  ...["JIBBLE_CLIENT_ID", "JIBBLE_CLIENT_SECRET", "JIBBLE_IDENTITY_URL", "JIBBLE_WORKSPACE_URL"],
  ...["JIBBLE_TIME_TRACKING_URL", "JIBBLE_TIME_ATTENDANCE_URL", "JIBBLE_PAGE_SIZE", "JIBBLE_REQUESTS_PER_SECOND"],
  ...["SYNC_INTERVAL", "SYNC_LOOKBACK_DAYS"],
  ...["AIRTABLE_TOKEN", "AIRTABLE_BASE_ID", "AIRTABLE_TABLE", "AIRTABLE_API_URL"],
  ...["AIRTABLE_EMAIL_FIELD", "AIRTABLE_GROUP_FIELD", "AIRTABLE_SUPERVISOR_FIELD"],
  ...["MAIL_PROVIDER", "MAIL_FROM", "MAIL_REPLY_TO", "MAIL_PAGE_URL", "MAIL_UNSUBSCRIBE_URL"],
  ...["RESEND_API_KEY", "RESEND_API_URL", "LOOPS_API_KEY", "LOOPS_TRANSACTIONAL_ID", "LOOPS_API_URL"],
  ...["MAILGUN_API_KEY", "MAILGUN_DOMAIN", "MAILGUN_API_URL"],
  ...["PORTAL_URL", "PORTAL_SECRET", "ALERT_EMAILS", "ALERT_WEBHOOK_URL", "HEARTBEAT_URL"],
  ...["LOG_LEVEL", "LOG_FORMAT"],
] as const;

const secretVariables = [
  ...["JIBBLE_CLIENT_SECRET", "AIRTABLE_TOKEN", "RESEND_API_KEY", "LOOPS_API_KEY", "MAILGUN_API_KEY"],
  ...["PORTAL_SECRET", "ALERT_WEBHOOK_URL", "HEARTBEAT_URL"],
];

/** Nothing else: the program has no use for the dashboard's secrets, nor for the platform's. */
export function programEnvironment(
  environment: Environment,
  { databaseUrl, bundle }: { databaseUrl: string; bundle: string },
): Record<string, string> {
  const passed = programVariables.flatMap((name) => {
    const value = environment[name];
    return value === undefined ? [] : [[name, value]];
  });
  return {
    ...Object.fromEntries(passed),
    DATABASE_URL: databaseUrl,
    // The machine's certificates may be missing or in any place.
    SSL_CERT_FILE: environment.SSL_CERT_FILE || join(bundle, "share", "ca-certificates.crt"),
  };
}

/** The texts that scrubber() hides. */
export function secretsOf(environment: Environment, jobs: { secret: string; databaseUrl: string }): string[] {
  const values = secretVariables.map((name) => environment[name]?.trim() ?? "");
  return [...values, jobs.secret, jobs.databaseUrl, ...passwordsOf(jobs.databaseUrl)];
}
