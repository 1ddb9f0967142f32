// No address, however malformed, causes a server error.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { after, before, test } from "node:test";
import { secret, startDemo, startSite } from "./world.mjs";
import { isAddressed, isText } from "../src/http/incoming.ts";

// Without a database: a request is refused before any query.
const environment = {
  WEB_BASE_URL: "http://127.0.0.1:3000",
  OIDC_ISSUER: "http://127.0.0.1:9",
  OIDC_CLIENT_ID: "x",
  OIDC_CLIENT_SECRET: "x",
  SESSION_SECRET: secret,
  ALLOWED_DOMAINS: "agency.example",
};
let demo, site, routes;

before(async () => {
  [demo, site] = await Promise.all([startDemo(), startSite(environment)]);
  routes = Object.values(JSON.parse(readFileSync(".next/app-path-routes-manifest.json", "utf8"))).filter(
    (route) => !/^\/(_|icon)/.test(route),
  );
});
after(async () => {
  await demo?.stop();
  await site?.stop();
});

/** Sends a raw request line, as no client would. */
function line(at, text, host = `127.0.0.1:${at.port}`) {
  return new Promise((resolve) => {
    const socket = connect(at.port, "127.0.0.1", () =>
      socket.write(`${text} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`),
    );
    let said = "";
    socket
      .on("data", (data) => (said += data))
      .on("error", () => {})
      .on("close", () => resolve({ status: Number(/^HTTP\/1\.1 (\d+)/.exec(said)?.[1] ?? 0), said }));
  });
}

const broken = [
  "%",
  "%2",
  "%zz",
  "a%",
  "%FF",
  "%C3%28",
  "%E0%80%AF",
  "%ED%A0%80",
  "%F5%80%80%80",
  "%00",
  "%00%00",
  "a%0d%0aX-Y:z",
  "%1b[31m",
  "%7f",
];
const odd = [
  "..",
  "%2e%2e",
  "%2F",
  "%5C",
  "..%2f..%2fetc%2fpasswd",
  "%25",
  "%2500",
  "1%27--",
  "-1",
  "0",
  "1e9",
  "99999999999999999999",
  "2026-02-30",
  "9999-99-99",
  "NaN",
  "null",
  "constructor",
  "__proto__",
  "%E2%80%AE",
  "%F0%9F%98%80",
  "a".repeat(2000),
  "[id]",
  "%5Bid%5D",
  ";a=b",
  "@",
  "csv",
  "xlsx",
  "mail",
];

test("a malformed path is 400 with an explanation, at every place of every route", async () => {
  for (const [at, every] of [
    [demo, 1],
    [site, 3],
  ])
    for (const [n, route] of routes.entries()) {
      const places = [`${route}/X`, route.replace(/\[\w+\]/, "X"), route.replace(/\[\w+\](?!.*\[\w+\])/, "X")]
        .filter((path) => path.includes("X"))
        .map((path) => path.replaceAll(/\[\w+\]/g, "1").replace("//", "/"));
      for (const path of new Set(places)) {
        const bad = broken[(n * every) % broken.length];
        for (const each of every === 1 && n < 2 ? broken : [bad]) {
          const { status, said } = await line(at, `GET ${path.replace("X", each)}`);
          assert.equal(status, 400, path.replace("X", each));
          assert.match(said, /This address is not valid/);
        }
      }
    }
  for (const bad of broken) assert.equal((await line(demo, `GET /clients/${bad}`)).status, 400, bad);
});

test("other odd paths are found or not found, without an error", async () => {
  for (const route of [
    "/clients/X",
    "/clients/X/csv",
    "/clients/X/xlsx",
    "/agents/X",
    "/agents/1/X",
    "/entries/X",
    "/digests/X",
    "/digests/X/mail",
    "/digests/X/csv",
    "/X",
    "/sign-in/X",
  ])
    for (const each of odd) {
      const { status } = await line(demo, `GET ${route.replace("X", each)}`);
      assert.ok([200, 307, 308, 400, 404].includes(status), `${route.replace("X", each)} answered ${status}`);
    }
  for (const text of [
    "GET http://evil.example/clients",
    "GET //evil.example/clients",
    "GET /\\evil.example",
    "GET *",
    "OPTIONS *",
    "GET ?",
    "GET //",
    "GET ///",
    "GET //x:99999/",
    "GET //%",
    "GET http://",
    "GET http://%/",
    "GET https://[/",
    "GET javascript:alert(1)",
    "GET /clients?%",
    "GET /clients#%",
    "HEAD /clients/%",
    "POST /clients/%",
    "GET /%5C%5Cevil",
    `GET /${"a/".repeat(500)}`,
    "TRACE /",
    "PROPFIND /clients",
    "GET /_next/%",
    "GET /_next/image?url=%",
    "GET /_next/static/%",
    "GET /_next/data/%",
  ]) {
    const { status } = await line(demo, text);
    assert.ok(status >= 200 && status < 500 && status !== 0, `${text} answered ${status}`);
  }
  assert.ok([414, 431].includes((await line(demo, `GET /clients?q=${"x".repeat(60_000)}`)).status));
});

test("every parameter of every route accepts any value", async () => {
  const names = [
    "from",
    "to",
    "q",
    "sort",
    "sessions",
    "activities",
    "page",
    "after",
    "agent",
    "client",
    "activity",
    "type",
    "deleted",
    "table",
    "clock",
    "before",
    "status",
    "state",
    "problem",
    "next",
    "token",
    "code",
    "error",
    "iss",
    "_rsc",
    "x",
  ];
  const values = [
    "%",
    "%FF%FE",
    "%00",
    "%C3%28",
    "9".repeat(400),
    "-9".repeat(90),
    "0001-01-01",
    "2999-12-31",
    "275760-09-13",
    "%27%22%3C%3E%5C",
    "%F0%9F%98%80".repeat(60),
    "[]",
  ];
  const asked = [];
  for (const route of routes) {
    const path = route.replace("[day]", "2026-11-17").replaceAll(/\[\w+\]/g, "1");
    for (const value of values)
      asked.push(
        `${path}?${names
          .map((name) => `${name}=${value}`)
          .join("&")
          .slice(0, 12_000)}`,
      );
    asked.push(
      `${path}?${names.map((name) => `${name}=1&${name}=2&${name}[]=3&${name}[a]=4`).join("&")}`,
      `${path}?${"q=1&".repeat(2000)}`,
      `${path}?&&&===&=%&?`,
    );
  }
  for (let n = 0; n < asked.length; n += 8)
    await Promise.all(
      asked.slice(n, n + 8).map(async (path) => {
        const { status } = await line(demo, `GET ${path}`);
        // 501: unsubscribing is not set up here.
        assert.ok(
          (status >= 200 && status < 500) || (status === 501 && path.startsWith("/unsubscribe")),
          `${path.slice(0, 300)} answered ${status}`,
        );
      }),
    );
  for (const route of ["/sign-in", "/sign-in/start", "/sign-in/callback", "/clients", "/entries/csv"])
    for (const value of values)
      assert.ok(
        (
          await line(
            site,
            `GET ${route}?${names
              .map((name) => `${name}=${value}`)
              .join("&")
              .slice(0, 12_000)}`,
          )
        ).status < 500,
        `${route} ${value}`,
      );
  assert.doesNotMatch(demo.log(), /⨯|Error/);
});

test("what is an address", () => {
  for (const target of ["/", "/clients?q=%", "//evil.example/x", "http://evil.example/clients", "/?x=*"])
    assert.ok(isAddressed(target), target);
  for (const target of ["*", "?", "", "//", "//x:99999/", "http://", "javascript:alert(1)", "evil", "/%", "http://x/%"])
    assert.ok(!isAddressed(target), target);
});

test("what is text", () => {
  for (const path of ["/", "/clients/1", "/%C3%A9", "/%F0%9F%98%80", "/%25", "/a b"]) assert.ok(isText(path), path);
  for (const path of ["/%", "/%C3", "/%ED%A0%80", "/%00", "/a\u0001", "/%7F", "/%0A"]) assert.ok(!isText(path), path);
});
