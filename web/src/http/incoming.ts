// Each request before Next.js has seen anything of it. Next.js keeps a body in memory before anybody may say whether it is
// wanted, lets no page set its answer's status, and shows nothing of the connection: all three are decided or kept here.
import { AsyncLocalStorage } from "node:async_hooks";
import { type IncomingMessage, Server, type ServerResponse } from "node:http";
import { isLoopback } from "../config/configuration.ts";

/** Four times what any form of ours sends. */
const largestBody = 16_384;
const slowestBody = 5000;
/** Milliseconds in which who is still sending can read that it is for nothing. */
const linger = 2000;

// Pages and this are bundled apart: what both know is the process's.
const key = Symbol.for("timesheet.answers");
const shared = globalThis as { [key]?: AsyncLocalStorage<ServerResponse> };

function answers(): AsyncLocalStorage<ServerResponse> {
  return (shared[key] ??= new AsyncLocalStorage<ServerResponse>());
}

/** What the page that is being made is answered with. */
export function answerWith(status: number, headers: Readonly<Record<string, string>>): void {
  const response = answers().getStore();
  if (!response || response.headersSent) return;
  response.statusCode = status;
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
}

type Refusal = { status: number; text: string };

/** Whether what leads to the demo can only have been sent by this machine. */
export function isOwn(request: Pick<IncomingMessage, "headers"> & { socket: { localAddress?: string; remoteAddress?: string } }): boolean {
  const { headers, socket } = request;
  const isHere = (address: string | undefined) => /^(::ffff:)?127\.\d+\.\d+\.\d+$|^::1$/.test(address ?? "");
  const host = URL.parse(`http://${headers.host}`);
  const isForwarded = ["forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip"].some((name) => headers[name] !== undefined);
  return isHere(socket.localAddress) && isHere(socket.remoteAddress) && host !== null && isLoopback(host.hostname) && !isForwarded;
}

/** Whether a path is text: each %-sequence whole, UTF-8, and none of a control character. */
export function isText(path: string): boolean {
  try {
    // eslint-disable-next-line no-control-regex -- they are what is looked for
    return !/[\u0000-\u001f\u007f]/.test(decodeURIComponent(path));
  } catch {
    return false;
  }
}

/** Whether a request's target is an address here: of * and of what only looks like one Next.js makes errors of its own. */
export function isAddressed(target: string): boolean {
  return /^(\/|https?:\/\/)/i.test(target) && URL.parse(target, "http://here.invalid") !== null && isText(target.split("?")[0] ?? "");
}

function refusalOf(request: IncomingMessage, isDemo: boolean): Refusal | null {
  if (isDemo && !isOwn(request)) return { status: 403, text: "Only from this machine: the demo has no sign-in, so it answers under the name localhost or 127.0.0.1 only." };
  if (!isAddressed(request.url ?? "")) return { status: 400, text: "This address is not whole: it is no path, or a % in it is followed by something else than the two digits of a character." };
  if (request.method === "TRACE") return { status: 405, text: "TRACE is answered nowhere here." }; // Next.js knows no such request
  if (Number(request.headers["content-length"] ?? 0) > largestBody) return { status: 413, text: `This was too much: at most ${largestBody} bytes are taken.` };
  return null;
}

function refuse(request: IncomingMessage, response: ServerResponse, { status, text }: Refusal): void {
  if (response.headersSent) {
    request.destroy();
    return;
  }
  response.writeHead(status, { "Content-Type": "text/plain; charset=utf-8", "Cache-Control": "no-store", "Content-Security-Policy": "default-src 'none'", "X-Content-Type-Options": "nosniff" });
  response.end(`${text}\n`, () => {
    if (request.complete) return;
    // What is left of the body is not read. A connection closed at once would take the answer along.
    setImmediate(() => request.socket.pause());
    setTimeout(() => request.socket.destroy(), linger).unref();
  });
}

/** A body's bytes are counted as they come, and not waited for forever. */
function boundBody(request: IncomingMessage, response: ServerResponse): void {
  if (request.headers["transfer-encoding"] === undefined && !Number(request.headers["content-length"] ?? 0)) return;
  const push = request.push;
  let length = 0;
  request.push = function (chunk: Uint8Array | null, encoding?: BufferEncoding) {
    length += chunk?.byteLength ?? 0;
    if (length <= largestBody) return push.call(this, chunk, encoding);
    request.push = () => false;
    refuse(request, response, { status: 413, text: `This was too much: at most ${largestBody} bytes are taken.` });
    return false;
  };
  const timer = setTimeout(() => {
    if (!request.complete) refuse(request, response, { status: 408, text: `The request was not whole after ${slowestBody / 1000} s.` });
  }, slowestBody);
  response.once("close", () => clearTimeout(timer));
}

/** To be called once, before the first request. */
export function guardRequests({ isDemo }: { isDemo: boolean }): void {
  const emit = Server.prototype.emit;
  Server.prototype.emit = function (this: Server, event: string, ...rest: unknown[]) {
    const pass = (): boolean => Reflect.apply(emit, this, [event, ...rest]);
    if (event !== "request") return pass();
    const [request, response] = rest as [IncomingMessage, ServerResponse];
    // How it was told to listen is read from the command line, which is Next.js's to understand: where it does listen counts.
    const listens = isDemo ? this.address() : null;
    if (listens !== null && typeof listens === "object" && !isLoopback(listens.address)) {
      console.error(`TIMESHEET_WEB_DEMO=1 needs no sign-in, so it only listens on this machine, and not at ${listens.address}`);
      process.exit(1);
    }
    const refusal = refusalOf(request, isDemo);
    if (refusal) {
      refuse(request, response, refusal);
      return true;
    }
    boundBody(request, response);
    return answers().run(response, pass);
  } as typeof emit;
}
