// What the tests use: the dashboard as deployed, a browser, and the database behind it.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { chromium } from "playwright-core";
import postgres from "postgres";

export const now = "2026-11-24T07:30:00Z";
export const docsUrl = "https://docs.example/pg_timesheet";
export const secret = "a secret of the tests that is long enough";
const ownerUri = process.env.TIMESHEET_WEB_TEST_OWNER_URI;
const readerUri = process.env.TIMESHEET_WEB_TEST_READER_URI;
const superuserUri = process.env.TIMESHEET_WEB_TEST_SUPERUSER_URI;

export function uriOf(uri, database) {
  const url = new URL(uri);
  url.pathname = `/${database}`;
  return url.href;
}

/** The database as its owner, for what the dashboard must show; dates as text, bigint and numeric as numbers. */
export function owner(database = "web") {
  return postgres(uriOf(ownerUri, database), {
    max: 2,
    onnotice: () => {},
    types: {
      number: { to: 1700, from: [20, 1700], serialize: String, parse: Number },
      text: { to: 25, from: [1082, 1114, 1184], serialize: String, parse: (text) => text },
    },
  });
}

export function superuser(database = "web") {
  return postgres(uriOf(superuserUri, database), { max: 1, onnotice: () => {} });
}

export function reader(database = "web") {
  return postgres(uriOf(readerUri, database), { max: 1, prepare: false, onnotice: () => {} });
}

export async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  return port;
}

// When a test file ends, its servers end too.
const started = new Set();
process.on("exit", () => started.forEach((child) => child.kill("SIGKILL")));
process.once("SIGTERM", () => process.exit(143));

/** Runs "next start" with only this environment; resolves when it listens or has ended. */
export async function startSite(environment, { hostname = "127.0.0.1", database = "web", port, listen } = {}) {
  port ??= await freePort();
  const child = spawn(
    process.execPath,
    ["node_modules/next/dist/bin/next", "start", ...(listen ?? ["--hostname", hostname]), "--port", String(port)],
    {
      env: {
        PATH: process.env.PATH,
        NEXT_TELEMETRY_DISABLED: "1",
        DATABASE_URL: uriOf(readerUri, database),
        ...environment,
      },
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
  started.add(child);
  child.on("exit", () => started.delete(child));
  let log = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (data) => (log += data));
  const ended = new Promise((resolve) => child.on("exit", (code) => resolve(code)));
  const site = {
    url: `http://127.0.0.1:${port}`,
    port,
    pid: child.pid,
    ended,
    log: () => log,
    stop: async () => {
      child.kill("SIGTERM");
      const timer = setTimeout(() => child.kill("SIGKILL"), 5000);
      await ended;
      clearTimeout(timer);
    },
  };
  // Any answer is enough: the configuration is read before the first.
  for (let tries = 0; tries < 200 && child.exitCode === null; tries += 1) {
    if (
      log.includes("Ready in") &&
      (await fetch(`${site.url}/icon.svg`, { signal: AbortSignal.timeout(5000) }).catch(() => null))
    )
      return site;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  if (child.exitCode === null) {
    await site.stop();
    throw new Error(`the dashboard did not start:\n${log}`);
  }
  return site;
}

export function startDemo(database = "web") {
  return startSite({ TIMESHEET_WEB_DEMO: "1", TIMESHEET_WEB_NOW: now, DOCS_URL: docsUrl }, { database });
}

export function startBrowser() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-dev-shm-usage"],
  });
}

/** A table's rows as {column: text}, with the sums of its footer. */
export function tableOf(page, id) {
  return page.locator(`table[data-table="${id}"]`).evaluate((table) => {
    const cells = (row, attribute) =>
      Object.fromEntries(
        [...row.querySelectorAll(`[${attribute}]`)].map((cell) => [cell.getAttribute(attribute), cell.textContent]),
      );
    return {
      rows: [...table.tBodies[0].rows].map((row) => ({
        key: row.getAttribute("data-row"),
        ...cells(row, "data-column"),
      })),
      total: table.tFoot ? cells(table.tFoot.rows[0], "data-total") : {},
    };
  });
}

/** A figure's text in hundredths: whole numbers, so that sums are exact. */
export function hundredths(text) {
  return Math.round(Number(text.replaceAll(",", "").replace("−", "-").replace(/^[+±]/, "")) * 100);
}

/** 1,484:46 in minutes, with the sign of a change. */
export function minutes(text) {
  const [, sign, hours, rest] = /^([+−±]?)([\d,]+):(\d\d)$/.exec(text);
  return (sign === "−" ? -1 : 1) * (Number(hours.replaceAll(",", "")) * 60 + Number(rest));
}

export function figure(page, id) {
  return page.locator(`[data-figure="${id}"]`).textContent();
}

/** A small reader of RFC 4180, independent of the writer that it tests. */
export function parseCsv(text) {
  const rows = [[]];
  let field = "";
  let quoted = false;
  const source = text.replace(/^\uFEFF/, "");
  for (let n = 0; n < source.length; n += 1) {
    const character = source[n];
    if (quoted) {
      if (character === '"' && source[n + 1] === '"') field += source[(n += 1)];
      else if (character === '"') quoted = false;
      else field += character;
    } else if (character === '"') quoted = true;
    else if (character === "," || character === "\n") {
      rows.at(-1).push(field);
      field = "";
      if (character === "\n") rows.push([]);
    } else if (character !== "\r") field += character;
  }
  rows.pop();
  const [head, ...body] = rows;
  return body.map((row) => Object.fromEntries(head.map((name, n) => [name, row[n]])));
}

export async function csv(url) {
  const response = await fetch(url);
  if (response.status !== 200) throw new Error(`${url} answered ${response.status}`);
  return parseCsv(await response.text());
}
