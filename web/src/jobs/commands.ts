// Which command of timesheetd a job runs, and what its address may say.

export type Command = {
  words: readonly string[];
  /** Whether it ends itself by --time-limit. */
  isLimited: boolean;
  /** The variable without which there is nothing to do, as for the service timesheetd run. */
  needs?: string;
  /** The type of what it prints, where that is the answer to a pass that succeeded. */
  prints?: string;
};

/** What is wrong with a request, in words for its sender. */
export type Refused = { status: 400 | 404; message: string };

const commands: Readonly<Record<string, Command>> = {
  sync: { words: ["sync"], isLimited: true },
  nightly: { words: ["nightly"], isLimited: true },
  contacts: { words: ["contacts"], isLimited: true, needs: "AIRTABLE_TOKEN" },
  digests: { words: ["digest", "send"], isLimited: true, needs: "MAIL_PROVIDER" },
  backfill: { words: ["backfill"], isLimited: true },
  check: { words: ["check"], isLimited: false },
  probe: { words: ["probe", "--format", "json"], isLimited: false },
  metrics: {
    words: ["metrics"],
    isLimited: false,
    prints: "application/openmetrics-text; version=1.0.0; charset=utf-8",
  },
};

function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

const refused = (message: string): Refused => ({ status: 400, message });

/** --since and --until of a backfill; nothing else takes parameters. */
function windowOf(name: string, parameters: URLSearchParams): string[] | Refused {
  const allowed = name === "backfill" ? ["since", "until"] : [];
  for (const [key, value] of parameters) {
    if (!allowed.includes(key))
      return refused(
        allowed.length > 0
          ? `backfill has no parameter "${key}"; give since and, if wanted, until`
          : `${name} takes no parameters; leave out "${key}"`,
      );
    if (parameters.getAll(key).length > 1) return refused(`${key} is given more than once`);
    if (!isDay(value)) return refused(`${key} is "${value}", which is no day such as 2026-01-31`);
  }
  const [since, until] = [parameters.get("since"), parameters.get("until")];
  if (allowed.length > 0 && since === null)
    return refused("backfill needs the first day, as in /jobs/backfill?since=2026-01-31");
  if (since !== null && until !== null && until < since) return refused(`until is ${until}, before since, ${since}`);
  return [...(since === null ? [] : ["--since", since]), ...(until === null ? [] : ["--until", until])];
}

/** The command of a job, with its options; `seconds` is how long it may take. */
export function commandOf(name: string, parameters: URLSearchParams, seconds: number): Command | Refused {
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!command)
    return { status: 404, message: `no job is called "${name}"; there are ${Object.keys(commands).join(", ")}` };
  const window = windowOf(name, parameters);
  if ("status" in window) return window;
  const limit = command.isLimited ? ["--time-limit", String(seconds)] : [];
  return { ...command, words: [...command.words, ...window, ...limit] };
}
