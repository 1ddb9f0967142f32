// The same question, asked again before it was put: a client's office opens one e-mail on many screens at once.
import { Gate, type Lane } from "../data/gate.ts";

/** As many as there are connections for them. */
const gate = new Gate(4, 2, 200);
const longestWait = 25_000;
const waiting = new Map<string, Promise<unknown>>();

/**
 * What `read` finds. A call waits for its turn, and calls with the same key that come meanwhile get the same answer; it
 * is read after each of them came, so none gets what was true before. `key` names who asks, and what.
 */
export function shared<T>(key: string, lane: Lane, read: () => Promise<T>): Promise<T> {
  const known = waiting.get(key);
  if (known) return known as Promise<T>;
  const answer = (async () => {
    try {
      await gate.enter(lane, longestWait);
    } finally {
      waiting.delete(key); // what comes from now on is for the next
    }
    try {
      return await read();
    } finally {
      gate.leave(lane);
    }
  })();
  waiting.set(key, answer);
  return answer;
}
