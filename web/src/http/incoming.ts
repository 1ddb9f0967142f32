// Each request before Next.js sees it. Next.js reads a body into memory before it can be refused, lets no page set the
// status of its answer, and hides the connection: all three are handled here.
import { AsyncLocalStorage } from "node:async_hooks";
import { type IncomingMessage, Server, type ServerResponse } from "node:http";
import { isLoopback } from "../config/loopback.ts";

/** Four times what any form of ours sends. */
const maxBodyBytes = 16_384;
const maxBodyMilliseconds = 5000;
/** Milliseconds in which a client that is still sending can read the refusal. */
const linger = 2000;

// Pages and this file are bundled separately: what they share belongs to the process.
const key = Symbol.for("timesheet.answers");
const shared = globalThis as { [key]?: AsyncLocalStorage<ServerResponse> };

function answers(): AsyncLocalStorage<ServerResponse> {
  return (shared[key] ??= new AsyncLocalStorage<ServerResponse>());
}

/** Sets the status and headers of the page that is being rendered. */
export function answerWith(status: number, headers: Readonly<Record<string, string>>): void {
  const response = answers().getStore();
  if (!response || response.headersSent) return;
  response.statusCode = status;
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
}

type Refusal = { status: number; text: string };

/** Whether a request to the demo can only come from this machine. */
export function isOwn(
  request: Pick<IncomingMessage, "headers"> & { socket: { localAddress?: string; remoteAddress?: string } },
): boolean {
  const { headers, socket } = request;
  const isHere = (address: string | undefined) => /^(::ffff:)?127\.\d+\.\d+\.\d+$|^::1$/.test(address ?? "");
  const host = URL.parse(`http://${headers.host}`);
  const isForwarded = ["forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip"].some(
    (name) => headers[name] !== undefined,
  );
  return (
    isHere(socket.localAddress) &&
    isHere(socket.remoteAddress) &&
    host !== null &&
    isLoopback(host.hostname) &&
    !isForwarded
  );
}

/** Whether a path is text: each %-sequence complete, UTF-8, and no control characters. */
export function isText(path: string): boolean {
  try {
    // eslint-disable-next-line no-control-regex -- control characters are what is looked for
    return !/[\u0000-\u001f\u007f]/.test(decodeURIComponent(path));
  } catch {
    return false;
  }
}

/** Whether a request's target is an address: for others, such as *, Next.js would answer with errors of its own. */
export function isAddressed(target: string): boolean {
  return (
    /^(\/|https?:\/\/)/i.test(target) &&
    URL.parse(target, "http://here.invalid") !== null &&
    isText(target.split("?")[0] ?? "")
  );
}

/**
 * A request's target as it is handled. From two slashes in a path Next.js leads to one, and its answer would name the
 * token of a link to the portal again.
 */
export function targetOf(target: string): string {
  const [path = ""] = target.split("?");
  const single = path.replace(/[/\\]+/g, "/");
  return /^\/portal(\/|$)/.test(single) ? single + target.slice(path.length) : target;
}

function refusalOf(request: IncomingMessage, isDemo: boolean): Refusal | null {
  if (isDemo && !isOwn(request))
    return {
      status: 403,
      text:
        "Only from this machine: the demo has no sign-in, so it answers under the name localhost or 127.0.0.1 " +
        "only.",
    };
  if (!isAddressed(request.url ?? ""))
    return {
      status: 400,
      text:
        "This address is not valid: it is not a path, or a % in it is not followed by the two digits of a " +
        "character.",
    };
  // Next.js knows no such request
  if (request.method === "TRACE") return { status: 405, text: "TRACE is not supported." };
  if (Number(request.headers["content-length"] ?? 0) > maxBodyBytes)
    return { status: 413, text: `The body is too large: at most ${maxBodyBytes} bytes are accepted.` };
  return null;
}

function refuse(request: IncomingMessage, response: ServerResponse, { status, text }: Refusal): void {
  if (response.headersSent) {
    request.destroy();
    return;
  }
  response.writeHead(status, {
    "Content-Type": "text/plain; charset=utf-8",
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'",
    "X-Content-Type-Options": "nosniff",
  });
  response.end(`${text}\n`, () => {
    if (request.complete) return;
    // The rest of the body is not read. Closing the connection at once would lose the answer.
    setImmediate(() => request.socket.pause());
    setTimeout(() => request.socket.destroy(), linger).unref();
  });
}

/** A body's bytes are counted as they come, and waited for only for a limited time. */
function boundBody(request: IncomingMessage, response: ServerResponse): void {
  if (request.headers["transfer-encoding"] === undefined && !Number(request.headers["content-length"] ?? 0)) return;
  const push = request.push;
  let length = 0;
  request.push = function (chunk: Uint8Array | null, encoding?: BufferEncoding) {
    length += chunk?.byteLength ?? 0;
    if (length <= maxBodyBytes) return push.call(this, chunk, encoding);
    request.push = () => false;
    refuse(request, response, {
      status: 413,
      text: `The body is too large: at most ${maxBodyBytes} bytes are accepted.`,
    });
    return false;
  };
  const timer = setTimeout(() => {
    if (!request.complete)
      refuse(request, response, {
        status: 408,
        text: `The request was not complete after ${maxBodyMilliseconds / 1000} s.`,
      });
  }, maxBodyMilliseconds);
  response.once("close", () => clearTimeout(timer));
}

/** Call once, before the first request. */
export function guardRequests({ isDemo }: { isDemo: boolean }): void {
  const emit = Server.prototype.emit;
  Server.prototype.emit = function (this: Server, event: string, ...rest: unknown[]) {
    const pass = (): boolean => Reflect.apply(emit, this, [event, ...rest]);
    if (event !== "request") return pass();
    const [request, response] = rest as [IncomingMessage, ServerResponse];
    // The command line is Next.js's to interpret, so the address at which it actually listens is checked.
    const listens = isDemo ? this.address() : null;
    if (listens !== null && typeof listens === "object" && !isLoopback(listens.address)) {
      console.error(
        `TIMESHEET_WEB_DEMO=1 needs no sign-in, so it only listens on this machine, and not at ${listens.address}`,
      );
      process.exit(1);
    }
    const refusal = refusalOf(request, isDemo);
    if (refusal) {
      refuse(request, response, refusal);
      return true;
    }
    request.url = targetOf(request.url ?? "/");
    boundBody(request, response);
    return answers().run(response, pass);
  } as typeof emit;
}
