// How often a page waits for the database: once for each of its queries at most.
import assert from "node:assert/strict";
import { connect, createServer } from "node:net";
import { once } from "node:events";
import { after, before, test } from "node:test";
import { cookieOf, makeLink, portalUri } from "./portal_site.mjs";
import { now, owner, startSite, uriOf } from "./world.mjs";

const readerUri = uriOf(process.env.TIMESHEET_WEB_TEST_READER_URI, "web");
const contact = "operations@redstone.example";
const days = "from=2026-11-16&to=2026-11-22";

/**
 * Passes on what the dashboard and the server send each other, and reads the messages of PostgreSQL's protocol.
 * seen() is what the dashboard sent since the last call: queries, each of which ends with a Sync or is a simple Query;
 * round trips, for which something was sent after an answer; names under which statements were prepared.
 * After forget(), prepared statements of connections that exist have other names than the dashboard uses.
 */
async function startProxy(uri) {
  const { hostname, port } = new URL(uri);
  const sockets = new Set();
  const clients = new Set();
  const forgetful = new Set();
  let seen = { queries: 0, trips: 0, named: [], bound: 0 };
  const count = (type, message) => {
    if (type === "Q" || type === "S") seen.queries += 1;
    if (type === "P" && message[5] !== 0) seen.named.push(message.toString("utf8", 5, message.indexOf(0, 5)));
    if (type === "B" && message[6] !== 0) seen.bound += 1; // after the name of the portal, which is empty
  };
  const server = createServer((client) => {
    const there = connect(Number(port), hostname);
    let [rest, isStarted, hasAnswered] = [Buffer.alloc(0), false, true];
    client.on("data", (data) => {
      if (hasAnswered) seen.trips += 1;
      hasAnswered = false;
      rest = Buffer.concat([rest, data]);
      for (;;) {
        const header = isStarted ? 1 : 0; // the first message has no type
        if (rest.length < header + 4) return;
        const length = header + rest.readInt32BE(header);
        if (rest.length < length) return;
        const message = rest.subarray(0, length);
        const type = isStarted ? String.fromCharCode(message[0]) : "startup";
        count(type, message);
        if (type === "B" && message[6] !== 0 && forgetful.has(client)) message[6] = "-".charCodeAt(0);
        there.write(message);
        isStarted = true;
        rest = rest.subarray(length);
      }
    });
    there.on("data", (data) => {
      hasAnswered = true;
      client.write(data);
    });
    for (const [socket, other] of [
      [client, there],
      [there, client],
    ]) {
      socket.setNoDelay(true);
      sockets.add(socket);
      socket.on("error", () => {});
      socket.on("close", () => (other.destroy(), sockets.delete(socket), clients.delete(socket)));
    }
    clients.add(client);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    uriOf: (other) => Object.assign(new URL(other), { port: server.address().port }).href,
    seen: () => {
      const since = seen;
      seen = { queries: 0, trips: 0, named: [], bound: 0 };
      return since;
    },
    forget: () => clients.forEach((client) => forgetful.add(client)),
    stop: () => {
      server.close();
      sockets.forEach((socket) => socket.destroy());
    },
  };
}

let sql, proxy, site, headers, paths;

before(async () => {
  sql = owner();
  proxy = await startProxy(readerUri);
  site = await startSite({
    TIMESHEET_WEB_DEMO: "1",
    TIMESHEET_WEB_NOW: now,
    DATABASE_URL: proxy.uriOf(readerUri),
    PORTAL_DATABASE_URL: proxy.uriOf(portalUri()),
    PORTAL_URL: "http://127.0.0.1/portal",
  });
  headers = cookieOf(await makeLink(sql, contact));
  const [{ agent, client, entry }] = await sql`
    SELECT s.agent_id AS agent, s.client_group_id AS client, s.jibble_activity_id AS entry
    FROM timesheet.sessions('2026-11-17', '2026-11-18') AS s WHERE s.client_group_id IS NOT NULL ORDER BY s.started_at
    LIMIT 1`;
  const [{ digest }] = await sql`SELECT max(delivery_id)::int AS digest FROM timesheet.digest_deliveries`;
  const plain = ["/", "/clients", `/clients/${client}`, "/agents", `/agents/${agent}`, "/activities", "/entries"];
  plain.push("/digests", "/health", "/agents/usual", "/activities/compare");
  paths = [
    ...plain.flatMap((path) => [path, `${path}?${days}`]),
    "/search?q=a",
    "/actions",
    "/actions/corrections",
    `/agents/${agent}/2026-11-17`,
    `/entries/${entry}`,
    `/digests/${digest}`,
    "/portal",
    "/portal/week/2026-11-16",
    "/portal/digests",
  ];
});
after(async () => {
  await site?.stop();
  proxy?.stop();
  await sql?.end();
});

async function ask(path) {
  const response = await fetch(site.url + path, { headers, redirect: "manual" });
  await response.text();
  assert.equal(response.status, 200, path);
  return proxy.seen();
}

test("a page waits for the database at most once for each of its queries", async () => {
  for (const path of paths) {
    await ask(path); // which may connect
    const { queries, trips } = await ask(path);
    assert.ok(queries >= 4, `${path} asked nothing`);
    assert.ok(trips <= queries, `${path} waited ${trips} times for ${queries} queries`);
  }
});

test("queries that do not wait for each other are sent together", async () => {
  await ask("/");
  const { queries, trips } = await ask("/");
  assert.ok(trips <= queries / 2, `the start page waited ${trips} times for ${queries} queries`);
});

test("what a page reads is prepared once on a connection", async () => {
  const path = `/clients?${days}`;
  for (let n = 0; n < 2; n += 1) await ask(path); // the first learns that the connection leads to the server itself
  const { named, bound } = await ask(path);
  assert.ok(bound >= 3, `${bound} prepared statements were used`);
  assert.deepEqual(named, [], "statements were prepared again");
});

test("a page whose prepared statements are gone is read again on a new connection", async () => {
  for (const path of [`/health?${days}`, "/", "/portal"]) {
    for (let n = 0; n < 3; n += 1) await ask(path);
    proxy.forget();
    await ask(path);
  }
  assert.doesNotMatch(site.log(), /could not be loaded/);
});
