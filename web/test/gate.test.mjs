// The queue for the database: in order, with a maximum of requests and of time.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Gate } from "../src/data/gate.ts";
import { isConnectionError, isUnavailable, Unavailable } from "../src/data/unavailable.ts";

test("a number enters, a number waits in order, the next is refused at once", async () => {
  const gate = new Gate(2, 1, 2);
  const came = [];
  await gate.enter("page", 1000);
  await gate.enter("page", 1000);
  const waiting = [1, 2].map((n) => gate.enter("page", 1000).then(() => came.push(n)));
  await assert.rejects(gate.enter("page", 1000), Unavailable);
  gate.leave("page");
  await waiting[0];
  assert.deepEqual(came, [1]);
  gate.leave("page");
  await waiting[1];
  assert.deepEqual(came, [1, 2]);
});

test("a request that waited too long is refused, and takes no place later", async () => {
  const gate = new Gate(1, 1, 5);
  await gate.enter("page", 1000);
  await assert.rejects(gate.enter("page", 20), /became free in 0.02 s/);
  gate.leave("page");
  await gate.enter("page", 0);
});

test("exports have a limited number of places, and leave the others to pages", async () => {
  const gate = new Gate(3, 1, 5);
  await gate.enter("export", 1000);
  let second = false;
  const other = gate.enter("export", 1000).then(() => (second = true));
  await gate.enter("page", 10);
  await gate.enter("page", 10);
  gate.leave("page"); // a place is free, but none for an export
  await new Promise((resolve) => setTimeout(resolve, 10));
  assert.equal(second, false);
  await gate.enter("page", 10);
  gate.leave("export");
  await other;
});

test("which errors are worth another try", () => {
  const coded = (code) => Object.assign(new Error(code), { code });
  for (const code of ["ECONNREFUSED", "CONNECT_TIMEOUT", "08006", "57P01", "57P03"])
    assert.ok(isConnectionError(coded(code)) && isUnavailable(coded(code)), code);
  for (const code of ["55P03", "57014", "53300"])
    assert.ok(!isConnectionError(coded(code)) && isUnavailable(coded(code)), code);
  for (const error of [
    coded("42501"),
    coded("42P01"),
    coded("22023"),
    new Error("x"),
    new TypeError("x"),
    null,
    coded(7),
  ])
    assert.ok(!isUnavailable(error));
  assert.ok(isConnectionError(new AggregateError([coded("ECONNREFUSED")])));
});
