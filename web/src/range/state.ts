// What a page shows is in its address alone, so that a link shows the same to whoever opens it.

export type State = Readonly<Record<string, string>>;

export function stateOf(given: Record<string, string | string[] | undefined> | URLSearchParams): State {
  const entries = given instanceof URLSearchParams ? [...given] : Object.entries(given).flatMap(([name, value]) => [value].flat().map((each) => [name, each] as const));
  const state: Record<string, string> = {};
  // Of a name given twice the first, on pages and in exports. What every object has (constructor) is no name of ours, and Next.js
  // gives a function with it. PostgreSQL's text holds no NUL.
  for (const [name, value] of entries) if (typeof value === "string" && value && !(name in state)) state[name] = value.replaceAll("\0", "").slice(0, 200);
  return state;
}

/** An address with this state and some of it changed; null takes a part away. */
export function address(path: string, state: State, changes: Readonly<Record<string, string | null>> = {}): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries({ ...state, ...changes })) if (value) query.set(name, value);
  const text = query.toString();
  return text ? `${path}?${text}` : path;
}

/** A row's number in an address, or null for what is none. */
export function idOf(text: string | undefined): number | null {
  return text !== undefined && /^\d{1,9}$/.test(text) ? Number(text) : null;
}
