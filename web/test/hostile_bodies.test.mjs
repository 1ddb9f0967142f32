// Bodies that are too large, too slow or never end cost nothing, from every sender.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { after, before, test } from "node:test";
import { secret, startSite } from "./world.mjs";

// There is no sign-in here: the provider need not be there.
const environment = {
  WEB_BASE_URL: "http://127.0.0.1:3000",
  OIDC_ISSUER: "http://127.0.0.1:9",
  OIDC_CLIENT_ID: "x",
  OIDC_CLIENT_SECRET: "x",
  SESSION_SECRET: secret,
  ALLOWED_DOMAINS: "agency.example",
};
const size = 9_800_000;
const piece = Buffer.alloc(65_536, "x");
let site, slow;

before(async () => {
  site = await startSite(environment);
  slow = [
    raw("POST /unsubscribe HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf of it"),
    raw("POST /sign-out HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n"),
  ].map(({ ended }) => ended);
});
after(() => site?.stop());

/** A connection of its own; `answered` is the first bytes that come, `ended` all of them with how long that took. */
function raw(text) {
  const begin = performance.now();
  const socket = connect(site.port, "127.0.0.1");
  let said = "";
  const answered = new Promise((resolve) => {
    socket.on("data", (data) => {
      said += data;
      resolve(said);
    });
    socket.on("close", () => resolve(said));
  });
  const ended = new Promise((resolve) =>
    socket.on("close", () => resolve({ said, milliseconds: performance.now() - begin })),
  );
  socket.on("error", () => {}).write(text);
  return { socket, answered, ended };
}

/** Sends a body without its end, or as much as is accepted. */
async function post(path, isChunked) {
  const { socket, answered } = raw(
    `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\n` +
      `${isChunked ? "Transfer-Encoding: chunked" : `Content-Length: ${size + 1}`}\r\n\r\n`,
  );
  let isAnswered = false;
  answered.then(() => (isAnswered = true));
  for (let sent = 0; sent < size && !isAnswered && !socket.destroyed; sent += piece.length) {
    const isTaken = socket.write(
      isChunked ? Buffer.concat([Buffer.from(`${piece.length.toString(16)}\r\n`), piece, Buffer.from("\r\n")]) : piece,
    );
    if (!isTaken) await Promise.race([answered, new Promise((resolve) => socket.once("drain", resolve))]);
  }
  return { socket, answered };
}

const megabytes = () => Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${site.pid}/status`, "utf8"))[1]) / 1024;

test("60 unfinished posts of 9.8 MB are refused without using memory", async () => {
  // what is loaded only once
  for (const path of ["/unsubscribe", "/sign-in", "/"]) await fetch(site.url + path, { redirect: "manual" });
  const before = megabytes();
  const posts = await Promise.all(
    Array.from({ length: 60 }, (_, n) =>
      post(["/unsubscribe?token=x", "/sign-out", "/clients", "/sign-in/callback"][n % 4], n % 2 === 0),
    ),
  );
  const grown = megabytes() - before;
  try {
    assert.ok(grown < 60, `it grew by ${Math.round(grown)} MB`);
    for (const { answered } of posts)
      assert.match(
        await Promise.race([answered, new Promise((resolve) => setTimeout(resolve, 3000, "nothing"))]),
        /^HTTP\/1\.1 413 |^$/,
      );
    assert.ok(
      (await Promise.all(posts.map(({ answered }) => answered))).filter((said) => said.startsWith("HTTP/1.1 413"))
        .length > 30,
      "refused requests get a reason",
    );
  } finally {
    posts.forEach(({ socket }) => socket.destroy());
  }
});

test("a body of a known length is refused before it is sent; a chunked one as soon as it is too long", async () => {
  for (const [more, status] of [
    ["Content-Length: 16385", 413],
    ["Content-Length: 99999999999999999999", 400],
    ["Content-Length: 9999999999999999", 413],
    ["Content-Length: -1", 400],
    ["Content-Length: 1, 2", 400],
    ["Content-Length: 5\r\nTransfer-Encoding: chunked", 400],
  ]) {
    const { socket, answered } = raw(`POST /unsubscribe HTTP/1.1\r\nHost: 127.0.0.1\r\n${more}\r\n\r\n`);
    assert.match(await answered, new RegExp(`^HTTP/1\\.1 ${status} `), more);
    socket.destroy();
  }
  const { socket, answered } = raw(
    `POST /unsubscribe HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\n` +
      `${"10\r\n0123456789abcdef\r\n".repeat(1025)}`,
  );
  assert.match(await answered, /^HTTP\/1\.1 413 /);
  socket.destroy();
  for (const method of ["GET", "PUT", "DELETE", "PATCH"]) {
    const other = raw(`${method} / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: ${size}\r\n\r\n`);
    assert.match(await other.answered, /^HTTP\/1\.1 413 /, method);
    other.socket.destroy();
  }
});

test("small requests work as before", async () => {
  const token = "11111111-2222-4333-8444-555555555555";
  const response = await fetch(`${site.url}/unsubscribe?token=${token}`, {
    method: "POST",
    body: new URLSearchParams({ "List-Unsubscribe": "One-Click" }),
  });
  assert.equal(response.status, 501); // it is not set up here, and says so itself
  assert.equal(
    (
      await fetch(`${site.url}/sign-out`, {
        method: "POST",
        body: "x".repeat(16_384),
        headers: { origin: "https://evil.example" },
      })
    ).status,
    403,
  );
});

test("a post that never ends is cut off", async () => {
  for (const { said, milliseconds } of await Promise.all(slow)) {
    assert.ok(milliseconds < 9000, `it took ${Math.round(milliseconds)} ms`);
    assert.match(said, /^(HTTP\/1\.1 (408|403|501|400) |$)/);
  }
});
