// One run of timesheetd from its bundle: no file of the machine is used but its name resolution.
import { type ChildProcess, spawn } from "node:child_process";
import { constants, tmpdir } from "node:os";
import { join } from "node:path";

export type Run = {
  bundle: string;
  words: readonly string[];
  environment: Record<string, string>;
  /** Milliseconds after which it is asked to stop, as SIGTERM by the platform does. */
  longest: number;
  scrub: (text: string) => string;
};

export type Outcome = {
  exit: number;
  seconds: number;
  /** What it wrote to standard output. */
  output: string;
  /** The last line of its log; "" if there is none. */
  lastLine: string;
  /** Whether SIGTERM by the platform came meanwhile and was passed on. */
  isStopped: boolean;
};

/** Milliseconds in which it ends in order once it was asked to. */
const patience = 7000;
const maxOutput = 1_048_576;
const maxLine = 65_536;

const running = new Set<ChildProcess>();
let isWatching = false;
/** Once SIGTERM came, what is still begun ends at once. */
let isStopping = false;

/** SIGTERM by the platform ends each pass in order, then this process as if it had not been caught. */
function passOnStop(): void {
  if (isWatching) return;
  isWatching = true;
  const stop = () => {
    isStopping = true;
    const ended = [...running].map((child) => new Promise((resolve) => child.once("close", resolve)));
    for (const child of running) child.kill("SIGTERM");
    if (process.listenerCount("SIGTERM") > 1) return; // a server that ends itself when its answers are sent
    void Promise.all(ended).then(() =>
      setTimeout(() => {
        process.removeListener("SIGTERM", stop);
        process.kill(process.pid, "SIGTERM");
      }, 100),
    );
  };
  process.on("SIGTERM", stop);
}

/** Calls back with each line that is complete, and with the rest at the end. */
function eachLine(stream: NodeJS.ReadableStream, take: (line: string) => void): void {
  let rest = "";
  stream.setEncoding("utf8");
  stream.on("data", (text: string) => {
    const lines = (rest + text).split("\n");
    rest = (lines.pop() ?? "").slice(-maxLine);
    lines.forEach(take);
  });
  stream.on("end", () => take(rest));
}

/** Rejects if it cannot be started. */
export async function runProgram({ bundle, words, environment, longest, scrub }: Run): Promise<Outcome> {
  passOnStop();
  const begin = performance.now();
  const lib = join(bundle, "lib");
  const child = spawn(
    join(lib, "ld-linux-x86-64.so.2"),
    ["--inhibit-cache", "--library-path", lib, join(bundle, "bin", "timesheetd"), ...words],
    { env: environment as NodeJS.ProcessEnv, cwd: tmpdir(), stdio: ["ignore", "pipe", "pipe"] },
  );
  running.add(child);
  if (isStopping) child.kill("SIGTERM");
  let output = "";
  let lastLine = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (output = (output + text).slice(0, maxOutput)));
  eachLine(child.stderr, (line) => {
    if (line.trim() === "") return;
    lastLine = scrub(line.trim());
    console.log(lastLine); // the function's own log
  });
  const stop = setTimeout(() => child.kill("SIGTERM"), longest);
  const kill = setTimeout(() => child.kill("SIGKILL"), longest + patience);
  try {
    const exit = await new Promise<number>((resolve, reject) => {
      child.once("error", reject);
      child.once("close", (code, signal) => resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal])));
    });
    const seconds = Math.round(performance.now() - begin) / 1000;
    return { exit, seconds, output: scrub(output), lastLine, isStopped: isStopping };
  } finally {
    clearTimeout(stop);
    clearTimeout(kill);
    running.delete(child);
  }
}
