// Debian's pgbouncer in transaction mode in front of the test's server, as a pooler that keeps no session state.
import { execFileSync, spawn } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import postgres from "postgres";
import { freePort } from "./world.mjs";

const program = process.env.PGBOUNCER ?? "/usr/sbin/pgbouncer"; // often not in PATH
const isRoot = process.getuid() === 0; // which pgbouncer refuses, as PostgreSQL does

/**
 * Resolves when it answers. The logins of uris may connect, only to the database "pooled", which only the pooler has:
 * behind it is one connection per role to the database of uris. All session state is discarded after each transaction,
 * so that relying on any fails every time, not just now and then.
 */
export async function startPooler(uris) {
  const port = await freePort();
  const [server] = uris.map((uri) => new URL(uri));
  const folder = mkdtempSync(join(tmpdir(), "timesheet-pooler-"));
  const admin = new URL(`postgresql://pooler_admin:${crypto.randomUUID()}@127.0.0.1:${port}/pgbouncer`);
  const logins = [admin, ...uris.map((uri) => new URL(uri))];
  writeFileSync(join(folder, "users"), logins.map((login) => `"${login.username}" "${login.password}"\n`).join(""));
  writeFileSync(
    join(folder, "pgbouncer.ini"),
    `[databases]
pooled = host=${server.hostname} port=${server.port} dbname=${server.pathname.slice(1)}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = scram-sha-256
auth_file = ${join(folder, "users")}
admin_users = ${admin.username}
pool_mode = transaction
default_pool_size = 1
server_reset_query = DISCARD ALL
server_reset_query_always = 1
query_wait_timeout = 15
`,
  );
  chmodSync(folder, 0o700);
  if (isRoot) execFileSync("chown", ["-R", "postgres:postgres", folder]);
  // setpriv becomes the program, so that the pid is the pooler's; it ends with this process in any case.
  const asWho = isRoot ? ["--reuid=postgres", "--regid=postgres", "--clear-groups"] : [];
  const child = spawn("setpriv", [...asWho, "--pdeathsig=TERM", program, join(folder, "pgbouncer.ini")], {
    cwd: "/",
    stdio: ["ignore", "pipe", "pipe"],
  });
  let log = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (data) => (log += data));
  const ended = new Promise((resolve) =>
    child.on("close", (code, signal) => resolve(code ?? signal)).on("error", (error) => resolve((log += error))),
  );
  const adminConsole = postgres(admin.href, {
    max: 1,
    prepare: false,
    fetch_types: false,
    connect_timeout: 2,
    onnotice: () => {},
  });
  const pooler = {
    log: () => log,
    pid: child.pid,
    uriOf: (uri) => Object.assign(new URL(uri), { port, pathname: "/pooled" }).href,
    show: (what) => adminConsole.unsafe(`SHOW ${what}`).simple(),
    stop: async () => {
      await adminConsole.end({ timeout: 1 });
      child.kill("SIGTERM");
      const timer = setTimeout(() => child.kill("SIGKILL"), 5000);
      await ended;
      clearTimeout(timer);
      rmSync(folder, { recursive: true });
    },
  };
  for (let tries = 0; tries < 100 && child.exitCode === null && child.pid; tries += 1) {
    if (await pooler.show("VERSION").catch(() => null)) return pooler;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  await pooler.stop();
  throw new Error(`the pooler did not start:\n${log}`);
}
