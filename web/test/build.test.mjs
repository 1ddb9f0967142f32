// deploy/vercel/build.sh with a stand-in for Vercel's CLI: what it leaves where the user deploys.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, test } from "node:test";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));
let project, folder;

/** Notes the project and the environment that it was given; waits for ever where a file "wait" is. */
const cli = `
  const { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } = require("node:fs");
  mkdirSync(".vercel/output");
  copyFileSync(".vercel/project.json", ".vercel/output/project.json");
  writeFileSync(".vercel/output/environment", JSON.stringify(process.env));
  writeFileSync(".vercel/output/built-of", readFileSync("next.config.ts"));
  if (existsSync("WAIT")) {
    writeFileSync("WAIT", "waiting");
    setInterval(() => {}, 1000);
  }
`;

beforeEach(() => {
  project = mkdtempSync(join(tmpdir(), "build-"));
  folder = join(project, "build", "vercel");
  for (const path of ["web/src", "build/bundle/bin", "build/bundle/share", "deploy/vercel"])
    mkdirSync(join(project, path), { recursive: true });
  for (const name of ["build.sh", "add_authorities.sh", "package.json", "package-lock.json"])
    cpSync(join(root, "deploy/vercel", name), join(project, "deploy/vercel", name));
  for (const name of ["node.sh", "package.json", "package-lock.json", "next.config.ts", "tsconfig.json", "vercel.json"])
    cpSync(join(root, "web", name), join(project, "web", name));
  for (const part of ["web", "deploy/vercel"]) {
    mkdirSync(join(project, part, "node_modules"));
    const sum = createHash("sha256").update(readFileSync(join(project, part, "package-lock.json")));
    writeFileSync(join(project, part, "node_modules/.installed"), `${sum.digest("hex")}  -\n`);
  }
  mkdirSync(join(project, "deploy/vercel/node_modules/vercel/dist"), { recursive: true });
  writeFileSync(
    join(project, "deploy/vercel/node_modules/vercel/dist/vc.js"),
    cli.replaceAll("WAIT", join(project, "wait")),
  );
  writeFileSync(join(project, "build/bundle/bin/timesheetd"), "", { mode: 0o755 });
  writeFileSync(join(project, "build/bundle/share/ca-certificates.crt"), "");
});
afterEach(() => rmSync(project, { recursive: true, force: true }));

const settings = () => ({
  env: { PATH: `${dirname(process.execPath)}:${process.env.PATH}`, VERCEL_TOKEN: "hush", VERCEL_PROJECT_ID: "prj_x" },
});
const script = () => join(project, "deploy/vercel/build.sh");
const inOutput = (name) => readFileSync(join(folder, ".vercel/output", name), "utf8");

function build() {
  const { status, stdout, stderr } = spawnSync(script(), { ...settings(), encoding: "utf8" });
  assert.equal(status, 0, stderr);
  return stdout;
}

/** A build that is killed, with all that it started, while Vercel's CLI is at work. */
async function killedBuild() {
  writeFileSync(join(project, "wait"), "");
  const child = spawn(script(), { ...settings(), detached: true, stdio: "ignore" });
  const ended = once(child, "exit");
  for (let tries = 0; tries < 200 && readFileSync(join(project, "wait"), "utf8") === ""; tries += 1)
    await new Promise((resolve) => setTimeout(resolve, 50));
  assert.equal(readFileSync(join(project, "wait"), "utf8"), "waiting");
  process.kill(-child.pid, "SIGKILL");
  assert.deepEqual(await ended, [null, "SIGKILL"]);
  rmSync(join(project, "wait"));
}

test("a build that is killed leaves nothing to deploy, and no project that is not there", async () => {
  await killedBuild();
  assert.deepEqual(readdirSync(folder), []);
  assert.match(
    build(),
    /build\/vercel is built; to deploy it: cd .*\/build\/vercel && node .*vc\.js deploy --prebuilt/,
  );
  assert.deepEqual(readdirSync(folder).sort(), [".vercel", "built", "vercel.json"]);
  assert.deepEqual(readdirSync(join(folder, ".vercel")), ["output"]);
});

test("a build that is killed leaves the one before it whole", async () => {
  build();
  const before = inOutput("built-of");
  appendFileSync(join(project, "web/next.config.ts"), "// another\n");
  await killedBuild();
  assert.equal(inOutput("built-of"), before);
  assert.ok(!existsSync(join(folder, ".vercel/project.json")));
  build();
  assert.equal(inOutput("built-of"), `${before}// another\n`);
});

test("the project that the folder was linked to is built for, and stays", () => {
  const link = '{"projectId":"prj_1","orgId":"team_1","settings":{"nodeVersion":"22.x"}}';
  mkdirSync(join(folder, ".vercel"), { recursive: true });
  writeFileSync(join(folder, ".vercel/project.json"), link);
  build();
  assert.equal(inOutput("project.json"), link);
  assert.equal(readFileSync(join(folder, ".vercel/project.json"), "utf8"), link);
});

test("what the environment has for Vercel is not for the build", () => {
  build();
  const given = Object.keys(JSON.parse(inOutput("environment"))).filter((name) => name.startsWith("VERCEL_"));
  assert.deepEqual(given, ["VERCEL_TELEMETRY_DISABLED"]);
});
