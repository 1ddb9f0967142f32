// function_process.mjs FOLDER: one function of a build for Vercel as a process of its own, as there: its own launcher
// answers on a port of loopback, which the process prints. What the platform decides before it, functions.mjs does.
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { join } from "node:path";
import { Readable } from "node:stream";

const folder = process.argv[2];
const { handler, useWebApi } = JSON.parse(readFileSync(join(folder, ".vc-config.json"), "utf8"));
const launch = createRequire(join(folder, "package.json"))(join(folder, handler));

/** A middleware's launcher takes a Request and gives a Response. */
async function answerWeb(request, response) {
  const hasBody = request.method !== "GET" && request.method !== "HEAD";
  const answer = await launch(
    new Request(`http://${request.headers.host}${request.url}`, {
      method: request.method,
      headers: Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
      ...(hasBody && { body: Readable.toWeb(request), duplex: "half" }),
    }),
  );
  response.writeHead(answer.status, Object.fromEntries(answer.headers));
  response.end(Buffer.from(await answer.arrayBuffer()));
}

const server = createServer((request, response) => {
  Promise.resolve(useWebApi ? answerWeb(request, response) : launch(request, response)).catch((error) => {
    console.error(error); // the platform answers 500 for a function that fails
    if (!response.headersSent) response.writeHead(500);
    response.end();
  });
});
server.listen(0, "127.0.0.1", () => console.log(`listening on ${server.address().port}`));
