// A connection to the database that a test can close or make silent.
import { once } from "node:events";
import { connect, createServer } from "node:net";

/**
 * Resolves to { uriOf, open(), close(), silence() };
 * counts how often the text `counts` went to the server and calls onCount each time.
 */
export async function startLink(uri, { counts, onCount } = {}) {
  const { hostname, port } = new URL(uri);
  const pairs = new Set();
  let [isSilent, count] = [false, 0];
  const server = createServer((client) => {
    const there = connect(Number(port), hostname);
    const pair = { client, there };
    pairs.add(pair);
    for (const [from, to] of [
      [client, there],
      [there, client],
    ]) {
      from.on("data", (data) => {
        if (counts && from === client && data.includes(counts)) onCount((count += 1));
        if (!isSilent) to.write(data);
      });
      from.on("error", () => {});
      from.on("close", () => (to.destroy(), pairs.delete(pair)));
    }
  });
  const listen = async (at) => {
    server.listen(at, "127.0.0.1");
    await once(server, "listening");
    return server.address().port;
  };
  const at = await listen(0);
  const cut = () => pairs.forEach(({ client, there }) => (client.destroy(), there.destroy()));
  return {
    uriOf: (other) => Object.assign(new URL(other), { port: at }).href,
    /** Refuses new connections, as a server that is down, and ends existing ones. */
    close: () => {
      server.close();
      cut();
    },
    open: async () => {
      isSilent = false;
      if (!server.listening) await listen(at);
    },
    /** Swallows what is sent, as a broken network. */
    silence: () => (isSilent = true),
    stop: () => {
      server.close();
      cut();
    },
  };
}
