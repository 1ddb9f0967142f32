// What vercel build made, served as Vercel does it: each function in a folder of its own with nothing else in it, as a
// process that starts with its first request and has only the environment that is given here. Routes are those of
// .vercel/output/config.json, as far as the jobs and pages need them.
//
//   node functions.mjs OUTPUT [PORT]   serves OUTPUT with this process's environment until SIGTERM, and prints its URL
import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, existsSync, mkdtempSync, readFileSync, realpathSync, rmSync, statSync } from "node:fs";
import { createServer, request as ask } from "node:http";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const started = new Set();
process.on("exit", () => {
  for (const { child, folder } of started) {
    child.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  }
});

/** One function; several paths may share it. */
class Function {
  constructor(source, environment) {
    const folder = mkdtempSync(join(tmpdir(), "function-"));
    cpSync(source, folder, { recursive: true });
    this.log = "";
    this.child = spawn(process.execPath, [fileURLToPath(new URL("function_process.mjs", import.meta.url)), folder], {
      env: { VERCEL: "1", ...environment },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.folder = folder;
    started.add(this);
    this.ended = once(this.child, "exit").then(([code, signal]) => {
      rmSync(folder, { recursive: true, force: true });
      started.delete(this);
      return code ?? signal;
    });
    this.port = new Promise((resolve, reject) => {
      for (const stream of [this.child.stdout, this.child.stderr])
        stream.on("data", (data) => {
          this.log += data;
          const port = /^listening on (\d+)$/m.exec(this.log)?.[1];
          if (port) resolve(Number(port));
        });
      this.ended.then(() => reject(new Error(`a function did not start:\n${this.log}`)));
    });
    this.port.catch(() => {});
  }
}

/** Sends a request on, and resolves with the answer as it comes. */
function pass(port, { method, url, headers }, body) {
  return new Promise((resolve, reject) => {
    const sent = ask({ host: "127.0.0.1", port, method, path: url, headers }, resolve);
    sent.on("error", reject);
    sent.end(body);
  });
}

const text = async (stream) => Buffer.concat(await stream.toArray());

function holds(conditions, headers, isHeld) {
  return (conditions ?? []).every(
    ({ type, key }) => type === "header" && (headers[key.toLowerCase()] !== undefined) === isHeld,
  );
}

function filled(template, found) {
  return template.replace(/\$(\w+)/g, (_, name) => found.groups?.[name] ?? found[Number(name)] ?? "");
}

export async function startFunctions(output, environment, { port = 0 } = {}) {
  const { routes } = JSON.parse(readFileSync(join(output, "config.json"), "utf8"));
  const functions = new Map();

  const folderOf = (path) => {
    const folder = join(output, "functions", `${path === "/" ? "/index" : path}.func`);
    return existsSync(folder) ? realpathSync(folder) : null;
  };
  const functionIn = (folder) => {
    if (!functions.has(folder)) {
      const made = new Function(folder, environment);
      functions.set(folder, made);
      made.ended.then(() => functions.get(folder) === made && functions.delete(folder));
    }
    return functions.get(folder);
  };

  /** Where a request goes: routes in order, then functions and files by name, then routes that rewrite. */
  async function route(request, body) {
    const [path, query = ""] = request.url.split("?");
    const headers = { ...request.headers };
    const added = {};
    let phase = "";
    const found = (at) => ({ at, folder: folderOf(at), query, headers, added });
    for (const { handle, src, ...rule } of routes) {
      if (handle) {
        if (handle === "filesystem" && (folderOf(path) ?? fileOf(path))) return found(path);
        phase = handle;
        continue;
      }
      if (!["", "rewrite"].includes(phase)) continue;
      const match = new RegExp(src).exec(path);
      if (!match || !holds(rule.has, headers, true) || !holds(rule.missing, headers, false)) continue;
      if (rule.middlewarePath) {
        const middleware = functionIn(folderOf(rule.middlewarePath));
        const answer = await pass(await middleware.port, { ...request, headers }, body);
        if (answer.headers["x-middleware-next"] !== "1") return { answer };
        for (const name of (answer.headers["x-middleware-override-headers"] ?? "").split(",").filter(Boolean))
          headers[name] = answer.headers[`x-middleware-request-${name}`];
        for (const [name, value] of Object.entries(answer.headers))
          if (!name.startsWith("x-middleware-") && !["connection", "date", "transfer-encoding"].includes(name))
            added[name] = value;
        continue;
      }
      if (rule.headers && !rule.status) Object.assign(added, rule.headers);
      if (rule.status >= 300 && rule.status < 400)
        return { redirect: rule.status, to: filled(rule.headers.Location, match) };
      if (rule.dest && rule.status === 404) break;
      if (rule.dest && phase === "rewrite") {
        const [at, more = ""] = filled(rule.dest, match).split("?");
        if (folderOf(at)) return { ...found(at), query: [query, more].filter(Boolean).join("&") };
      }
    }
    return { ...found("/_not-found"), status: 404 };
  }

  const fileOf = (path) => {
    const file = join(output, "static", path);
    return !relative(join(output, "static"), file).startsWith("..") && existsSync(file) && statSync(file).isFile()
      ? file
      : null;
  };

  const server = createServer(async (request, response) => {
    try {
      const body = await text(request);
      const { method, url, headers } = request;
      const to = await route({ method, url, headers }, body);
      if (to.redirect) return response.writeHead(to.redirect, { location: to.to }).end();
      if (!to.answer && !to.folder) return response.writeHead(200, to.added).end(readFileSync(fileOf(to.at)));
      const answer =
        to.answer ??
        (await pass(
          await functionIn(to.folder).port,
          { method, url: to.at + (to.query && `?${to.query}`), headers: { ...to.headers, "x-matched-path": to.at } },
          body,
        ));
      response.writeHead(to.status ?? answer.statusCode, { ...to.added, ...answer.headers });
      answer.pipe(response);
    } catch (error) {
      response.writeHead(500).end(`${error}\n`);
    }
  });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");

  return {
    url: `http://127.0.0.1:${server.address().port}`,
    /** The function that serves a path of config.json, such as /jobs/[job]. */
    functionOf: (path) => functions.get(folderOf(path)),
    log: () => [...functions.values()].map(({ log }) => log).join(""),
    stop: async () => {
      const running = [...functions.values()];
      for (const { child } of running) child.kill("SIGTERM");
      await Promise.all(running.map(({ ended }) => ended));
      server.closeAllConnections();
      server.close();
    },
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [output, port = "0"] = process.argv.slice(2);
  const site = await startFunctions(output, process.env, { port: Number(port) });
  process.on("SIGTERM", () => site.stop().then(() => process.exit(0)));
  console.log(site.url);
}
