// What a page shows is in its address alone, so that a link shows the same to whoever opens it.

export type State = Readonly<Record<string, string>>;

export function stateOf(given: Record<string, string | string[] | undefined> | URLSearchParams): State {
  const entries = given instanceof URLSearchParams ? [...given] : Object.entries(given).map(([name, value]) => [name, Array.isArray(value) ? value[0] : value] as const);
  const state: Record<string, string> = {};
  // PostgreSQL's text holds no NUL.
  for (const [name, value] of entries) if (value) state[name] = value.replaceAll("\0", "").slice(0, 200);
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
