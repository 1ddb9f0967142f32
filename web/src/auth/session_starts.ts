// How the dashboard's administrator ends sessions early: all sessions, or one person's.

/** Unix seconds by address, in lower case; "" is for everybody. */
export type SessionStarts = ReadonlyMap<string, number>;

/** "2026-11-24T10:00:00Z, ana@agency.example=2026-11-24T12:00:00Z"; an instant needs its zone. */
export function sessionStarts(text: string | undefined, now: number): SessionStarts | { problem: string } {
  const starts = new Map<string, number>();
  for (const word of (text ?? "").split(/[\s,]+/).filter(Boolean)) {
    const cut = word.lastIndexOf("=") + 1;
    const [address, instant] = [word.slice(0, Math.max(0, cut - 1)).toLowerCase(), word.slice(cut)];
    const milliseconds = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/.test(instant)
      ? Date.parse(instant)
      : Number.NaN;
    if (Number.isNaN(milliseconds) || (cut > 0 && !address.includes("@")))
      return {
        problem:
          `SESSIONS_VALID_FROM has "${word}": neither an instant such as 2026-11-24T10:00:00Z ` +
          `nor one for an address, ana@agency.example=2026-11-24T10:00:00Z`,
      };
    // No sign-in would be valid until then; clocks of two machines differ by less than a minute.
    if (milliseconds > now + 60_000) return { problem: `SESSIONS_VALID_FROM has "${word}", which is in the future` };
    starts.set(address, Math.max(starts.get(address) ?? 0, Math.ceil(milliseconds / 1000)));
  }
  return starts;
}

/** Whether a session that began in this second is still valid. */
export function isStillValid(starts: SessionStarts, address: string, beganAt: unknown): boolean {
  return (
    typeof beganAt === "number" && beganAt >= Math.max(starts.get("") ?? 0, starts.get(address.toLowerCase()) ?? 0)
  );
}
