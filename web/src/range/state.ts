// A page's address holds everything that it shows, so that a link shows everybody the same.

export type State = Readonly<Record<string, string>>;

export function stateOf(given: Record<string, string | string[] | undefined> | URLSearchParams): State {
  const entries =
    given instanceof URLSearchParams
      ? [...given]
      : Object.entries(given).flatMap(([name, value]) => [value].flat().map((each) => [name, each] as const));
  const state: Record<string, string> = {};
  // If a name is given twice, the first counts, on pages and in exports. Next.js gives functions under names that every
  // object has (constructor): only text counts. PostgreSQL's text cannot contain NUL.
  for (const [name, value] of entries)
    if (typeof value === "string" && value && !(name in state)) state[name] = value.replaceAll("\0", "").slice(0, 200);
  return state;
}

/** An address with this state and some changes; null removes a part. */
export function address(path: string, state: State, changes: Readonly<Record<string, string | null>> = {}): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries({ ...state, ...changes })) if (value) query.set(name, value);
  const text = query.toString();
  return text ? `${path}?${text}` : path;
}

/** A row's number in an address, or null. */
export function idOf(text: string | undefined): number | null {
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : null;
}

export function isUuid(text: string | undefined): text is string {
  return text !== undefined && /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);
}
