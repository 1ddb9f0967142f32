// A folder laid out as make bundle's, whose program notes what it was given and then does what the test says in shell.
// What it does and notes is in a folder of its own, whose name it gets as AIRTABLE_TABLE, a variable of timesheetd's.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export function makeStandIn() {
  const folder = mkdtempSync(join(tmpdir(), "stand-in-"));
  const bundle = join(folder, "bundle");
  for (const name of ["lib", "bin", "share"]) mkdirSync(join(bundle, name), { recursive: true });
  writeFileSync(
    join(bundle, "lib", "ld-linux-x86-64.so.2"),
    `#!/bin/sh
cat /proc/$$/environ >"$AIRTABLE_TABLE/environment"
printf '%s\\n' "$@" >"$AIRTABLE_TABLE/words"
. "$AIRTABLE_TABLE/does"
`,
    { mode: 0o755 },
  );
  const lines = (name, end) => readFileSync(join(folder, name), "utf8").split(end).slice(0, -1);
  return {
    bundle,
    folder,
    /** What the program does from now on; forgets what it noted. */
    does: (shell) => {
      for (const name of ["words", "environment"]) rmSync(join(folder, name), { force: true });
      writeFileSync(join(folder, "does"), shell);
    },
    hasRun: () => existsSync(join(folder, "words")),
    /** The loader's words, the program's path, then the command. */
    words: () => lines("words", "\n"),
    environment: () =>
      Object.fromEntries(
        lines("environment", "\0").map((text) => [text.slice(0, text.indexOf("=")), text.slice(text.indexOf("=") + 1)]),
      ),
    path: (name) => join(folder, name),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
