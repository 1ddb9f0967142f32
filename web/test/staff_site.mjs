// The dashboard where ana@agency.example may change something and ben@agency.example may only read, on a copy of the
// sample's database that tests may change.
import { seal } from "../src/auth/sealed.ts";
import { freePort, owner, secret, startBrowser, startSite, uriOf } from "./world.mjs";

export const operatorUri = uriOf(process.env.TIMESHEET_WEB_TEST_OPERATOR_URI, "acting");

/** There is a session already: the provider need not be there. */
export async function startStaffSite(more = {}) {
  const port = await freePort();
  return startSite(
    {
      WEB_BASE_URL: `http://127.0.0.1:${port}`,
      OIDC_ISSUER: "http://127.0.0.1:9",
      OIDC_CLIENT_ID: "x",
      OIDC_CLIENT_SECRET: "x",
      SESSION_SECRET: secret,
      ALLOWED_DOMAINS: "agency.example",
      OPERATOR_DATABASE_URL: operatorUri,
      OPERATORS: "ana@agency.example",
      ...more,
    },
    { database: "acting", port },
  );
}

export async function sessionOf(address) {
  return seal({ sessionSecret: secret }, "session", { address }, 3600);
}

export async function contextOf(browser, site, address, options = {}) {
  const context = await browser.newContext(options);
  await context.addCookies([{ name: "timesheet-session", value: await sessionOf(address), url: site.url }]);
  return context;
}

export const startStaff = async () => [await startStaffSite(), await startBrowser(), owner("acting")];

/** The newest of what staff changed, as the database has it. */
export async function newest(sql) {
  const [row] = await sql`
    SELECT o.operator_action_id AS id, o.actor, o.action, o.arguments, o.result FROM timesheet.operator_actions AS o
    ORDER BY o.operator_action_id DESC LIMIT 1`;
  return row;
}

export async function countOf(sql) {
  const [{ count }] = await sql`SELECT count(*)::int AS count FROM timesheet.operator_actions`;
  return count;
}
