// The administrator of the dashboard ends sessions at once: a copied cookie becomes worthless.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { seal } from "../src/auth/sealed.ts";
import { isStillValid, sessionStarts } from "../src/auth/session_starts.ts";
import { secret, startSite } from "./world.mjs";

const environment = {
  WEB_BASE_URL: "http://127.0.0.1:3000",
  OIDC_ISSUER: "http://127.0.0.1:9",
  OIDC_CLIENT_ID: "x",
  OIDC_CLIENT_SECRET: "x",
  SESSION_SECRET: secret,
  ALLOWED_DOMAINS: "agency.example",
};
const now = Date.parse("2026-11-24T10:00:00Z");
const started = [];
let cookies;

before(async () => {
  const [ana, ben] = await Promise.all(
    ["Ana@agency.example", "ben@agency.example"].map((address) =>
      seal({ sessionSecret: secret }, "session", { address }, 3600),
    ),
  );
  cookies = { ana, ben };
});
after(async () => {
  for (const site of started) await site.stop();
});

async function statuses(more) {
  const site = await startSite({ ...environment, ...more });
  started.push(site);
  const ask = async (cookie) =>
    (await fetch(`${site.url}/agents`, { redirect: "manual", headers: { cookie: `timesheet-session=${cookie}` } }))
      .status;
  return [await ask(cookies.ana), await ask(cookies.ben)];
}

test("a copied cookie is valid until sessions are ended: everybody's, or one person's", async () => {
  await new Promise((resolve) => setTimeout(resolve, 1100)); // a session begins in a second
  const instant = new Date().toISOString();
  const long = new Date(Date.now() - 3_600_000).toISOString();
  assert.deepEqual(
    await Promise.all([
      statuses({}),
      statuses({ SESSIONS_VALID_FROM: long }),
      statuses({ SESSIONS_VALID_FROM: instant }),
      statuses({ SESSIONS_VALID_FROM: `${long}, ana@AGENCY.example=${instant}` }),
    ]),
    [
      [200, 200],
      [200, 200],
      [307, 307],
      [307, 200],
    ],
  );
});

test("instants, for all or by address; the later one counts", () => {
  const starts = sessionStarts(
    "2026-11-24T08:00:00Z ana@agency.example=2026-11-24T11:30+02:00,ana@agency.example=2026-11-24T09:00:00.500Z",
    now,
  );
  const at = (text) => Date.parse(text) / 1000;
  assert.ok(isStillValid(starts, "ben@agency.example", at("2026-11-24T08:00:00Z")));
  assert.ok(!isStillValid(starts, "ben@agency.example", at("2026-11-24T07:59:59Z")));
  assert.ok(isStillValid(starts, "ANA@agency.example", at("2026-11-24T09:30:00Z")));
  assert.ok(!isStillValid(starts, "ANA@agency.example", at("2026-11-24T09:29:59Z")));
  for (const other of [undefined, "1795000000", null]) assert.ok(!isStillValid(new Map(), "ben@agency.example", other));
  assert.deepEqual([...sessionStarts(undefined, now)], []);
});

test("anything else is refused with its value", () => {
  for (const text of [
    "2",
    "yesterday",
    "2026-11-24",
    "2026-11-24T10:00:00",
    "2026-13-24T10:00:00Z",
    "ana=2026-11-24T09:00:00Z",
    "=2026-11-24T09:00:00Z",
    "ana@agency.example=",
    "2026-11-25T10:00:00Z",
  ])
    assert.ok(sessionStarts(text, now).problem.includes(`"${text}"`), text);
});
