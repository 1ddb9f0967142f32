// The clients' portal as deployed, and links to it as an e-mail would bring them.
import { createHash, randomBytes } from "node:crypto";
import postgres from "postgres";
import { freePort, now, startSite, superuser, uriOf } from "./world.mjs";

export const portalUri = (database = "web") => uriOf(process.env.TIMESHEET_WEB_TEST_PORTAL_URI, database);
export const agency = "Harbour Staff";

/** The portal and nothing else: no other part's variables are set. */
export async function startPortal({ database = "web", ...more } = {}) {
  const port = await freePort();
  return startSite(
    {
      WEB_PARTS: "portal",
      DATABASE_URL: "",
      PORTAL_DATABASE_URL: portalUri(database),
      PORTAL_URL: `http://127.0.0.1:${port}/portal`,
      PORTAL_NAME: agency,
      ...more,
    },
    { port },
  );
}

/** The same in the demo, whose today is a day of the sample. */
export async function startPortalAt(moment = now, { database = "web", ...more } = {}) {
  return startPortal({
    database,
    WEB_PARTS: "dashboard,portal",
    DATABASE_URL: uriOf(process.env.TIMESHEET_WEB_TEST_READER_URI, database),
    TIMESHEET_WEB_DEMO: "1",
    TIMESHEET_WEB_NOW: moment,
    ...more,
  });
}

export const newToken = () => randomBytes(32).toString("base64url");
export const sha256 = (token) => createHash("sha256").update(token).digest();

/** A link that lives, as if it had been sent to the contact just now. */
export async function makeLink(sql, email, token = newToken()) {
  const rows = await sql`
    INSERT INTO timesheet.portal_links (token_sha256, delivery_id, contact_id)
    SELECT ${sha256(token)}, (SELECT max(d.delivery_id) FROM timesheet.digest_deliveries AS d
      WHERE d.contact_id = c.contact_id AND d.state = 'sent'), c.contact_id
    FROM timesheet.contacts AS c WHERE c.email = ${email} RETURNING contact_id`;
  if (rows.length !== 1) throw new Error(`${email} is no contact`);
  return token;
}

export const cookieOf = (token) => ({ cookie: `timesheet_portal=${token}` });

/** A browser's context in which a link was opened before. */
export async function visitorOf(browser, site, token, options = {}) {
  const context = await browser.newContext({ locale: "en-GB", ...options });
  const { hostname: domain } = new URL(site.url);
  await context.addCookies([{ name: "timesheet_portal", value: token, domain, path: "/portal", httpOnly: true }]);
  return context;
}

/** The portal's own role, to ask its functions without a page. */
export function portalRole(database = "web") {
  return postgres(portalUri(database), { max: 1, prepare: false, onnotice: () => {} });
}

/** A copy of the sample's database that one test file changes as it likes. */
export async function copyDatabase(name) {
  const server = superuser("postgres");
  try {
    await server.unsafe(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
    // A copy needs that no one is connected to the original.
    await server`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'web'`;
    await server.unsafe(`CREATE DATABASE ${name} TEMPLATE web OWNER timesheet`);
  } finally {
    await server.end();
  }
}

export async function dropDatabase(name) {
  const server = superuser("postgres");
  await server.unsafe(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  await server.end();
}
