// The demo has no sign-in: it serves this machine only, however it is started and for every request.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { request } from "node:http";
import { after, before, test } from "node:test";
import { hostnamesOf, readConfiguration } from "../src/config/configuration.ts";
import { isOwn } from "../src/http/incoming.ts";
import { startDemo, startSite } from "./world.mjs";

let demo;
before(async () => {
  demo = await startDemo();
});
after(() => demo?.stop());

const elsewhere = [
  ["-H", "127.0.0.1", "-H", "0.0.0.0"],
  ["-H", "0.0.0.0", "-H", "127.0.0.1"],
  ["--hostname", "127.0.0.1", "--hostname=0.0.0.0"],
  ["--hostname=127.0.0.1", "-H", "0.0.0.0"],
  ["-H0.0.0.0"],
  ["-H127.0.0.1", "-H0.0.0.0"],
  ["-H=127.0.0.1"],
  ["-H", ""],
  ["--hostname="],
  ["-H"],
  ["-H", "::"],
  ["-H", "0"],
  ["-H", "127.0.0.1.evil.example"],
  ["-H", "localhost.evil.example"],
  ["-H", "2130706433"],
  ["-H", "0x7f.1"],
  [],
];

test("it does not start on any other host, however that is given", async () => {
  for (const listen of elsewhere)
    assert.throws(
      () =>
        readConfiguration({ DATABASE_URL: "x", TIMESHEET_WEB_DEMO: "1", HOSTNAME: "127.0.0.1" }, [
          "node",
          "next",
          "start",
          ...listen,
          "--port",
          "3000",
        ]),
      /only listens on this machine/,
      listen.join(" "),
    );
  for (const listen of [
    ["-H", "127.0.0.1"],
    ["-H127.0.0.1"],
    ["--hostname=localhost"],
    ["--hostname", "::1"],
    ["-H", "127.0.0.1", "--hostname", "localhost"],
  ])
    assert.equal(
      readConfiguration({ DATABASE_URL: "x", TIMESHEET_WEB_DEMO: "1" }, ["node", "next", "start", ...listen]).signIn,
      null,
      listen.join(" "),
    );
  assert.deepEqual(hostnamesOf(["start", "-H", "a", "--hostname", "b", "--hostname=c", "-Hd", "-p", "1"]), [
    "a",
    "b",
    "c",
    "d",
  ]);
  await Promise.all(
    [
      ["-H", "127.0.0.1", "-H", "0.0.0.0"],
      ["--hostname=127.0.0.1", "-H0.0.0.0"],
    ].map(async (listen) => {
      const page = await startSite({ TIMESHEET_WEB_DEMO: "1" }, { listen });
      assert.match(page.log(), /only listens on this machine, and not on "0\.0\.0\.0"/);
      assert.equal(await page.ended, 1);
    }),
  );
});

test("a server that listens elsewhere nevertheless ends at the first request", async () => {
  const script = `import { createServer } from "node:http";
    import { guardRequests } from "./src/http/incoming.ts";
    guardRequests({ isDemo: true });
    const server = createServer((_, response) => response.end("served")).listen(0, process.argv[1], () =>
      fetch("http://127.0.0.1:" + server.address().port).then(async (answer) =>
        (console.log(answer.status, await answer.text()), process.exit(0))));`;
  for (const [hostname, code, said] of [
    ["0.0.0.0", 1, /and not at 0\.0\.0\.0/],
    ["127.0.0.1", 0, /200 served/],
  ]) {
    const child = spawn(
      process.execPath,
      [
        "--disable-warning=ExperimentalWarning",
        "--disable-warning=MODULE_TYPELESS_PACKAGE_JSON",
        "--input-type=module",
        "-e",
        script,
        hostname,
      ],
      { stdio: ["ignore", "pipe", "pipe"] },
    );
    let log = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (data) => (log += data));
    assert.equal(await new Promise((resolve) => child.on("close", resolve)), code, log);
    assert.match(log, said);
  }
});

const status = (headers, path = "/clients") =>
  new Promise((resolve) =>
    request(`${demo.url}${path}`, { headers }, (response) => resolve(response.resume().statusCode)).end(),
  );

test("it answers under this machine's names, and refuses forwarded requests", async () => {
  for (const host of [`localhost:${demo.port}`, `127.0.0.1:${demo.port}`, "[::1]:3000", "LOCALHOST"])
    assert.equal(await status({ host }), 200, host);
  for (const path of ["/clients", "/clients/csv", "/unsubscribe", "/sign-in", "/health", "/nowhere"])
    for (const headers of [
      { host: "rebound.example" },
      { host: "127.0.0.1.evil.example" },
      { host: "localhost@evil.example" },
      { host: "x" },
      { host: "0.0.0.0" },
      { "x-forwarded-for": "203.0.113.9" },
      { "x-forwarded-host": "hours.example" },
      { forwarded: "for=203.0.113.9" },
      { "x-real-ip": "203.0.113.9" },
    ])
      assert.equal(await status(headers, path), 403, `${path} ${JSON.stringify(headers)}`);
});

test("a connection is local if both of its ends are", () => {
  const from = (remoteAddress, localAddress) =>
    isOwn({ headers: { host: "localhost" }, socket: { remoteAddress, localAddress } });
  for (const [remote, local] of [
    ["127.0.0.1", "127.0.0.1"],
    ["::1", "::1"],
    ["::ffff:127.0.0.1", "::ffff:127.0.0.1"],
    ["127.8.9.10", "127.0.0.1"],
  ])
    assert.ok(from(remote, local), `${remote} ${local}`);
  for (const [remote, local] of [
    ["192.168.1.5", "127.0.0.1"],
    ["127.0.0.1", "192.168.1.2"],
    ["::ffff:10.0.0.1", "::1"],
    [undefined, "127.0.0.1"],
    ["127.0.0.1", undefined],
    ["127.0.0.1.evil", "127.0.0.1"],
    ["fe80::1", "::1"],
  ])
    assert.ok(!from(remote, local), `${remote} ${local}`);
});
