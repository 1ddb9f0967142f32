// The question that a form leads to: what would happen, counted by the database.
import { createHash } from "node:crypto";
import { operate } from "@/data/operator";
import { longDay } from "@/range/days";
import { counted, type Field, type Question } from "./action";

/** A short text that differs if what was seen differs. */
export function fingerprint(seen: unknown): string {
  return createHash("sha256")
    .update(JSON.stringify(seen) ?? "")
    .digest("hex")
    .slice(0, 32);
}

/** Of what a form changes, as it is now; null if the form changes nothing that is shown. */
export function fingerprintOfForm(fields: readonly Field[]): string | null {
  const now = fields.flatMap(({ name, now: value }) => (value === undefined ? [] : [[name, value]]));
  return now.length === 0 ? null : fingerprint(now);
}

export type Digest = { delivery: number; email: string; week: string };
export type Preview = { entries: number; sentences: string[]; digests: Digest[] };

type Asked = NonNullable<Question["preview"]>;

async function previewOfErasure({ kind, arguments: given }: Asked): Promise<Preview> {
  const [row] = await operate(
    (sql) => sql<{ payloads: number; digests: number }[]>`
      SELECT p.payloads, p.digests
      FROM jsonb_to_record(${JSON.stringify(given)}::text::jsonb) AS g (of_agent int, of_email text)
      CROSS JOIN LATERAL timesheet.preview_erasure(g.of_agent, g.of_email) AS p`,
  );
  if (!row) throw new Error("timesheet.preview_erasure() returned no row");
  const digests = `${counted(row.digests, "sent digest", "sent digests")} would change.`;
  if (kind === "erase_contact") return { entries: row.digests, digests: [], sentences: [digests] };
  const payloads = `${counted(row.payloads, "payload", "payloads")} of what Jibble sent would be reduced.`;
  return { entries: row.payloads, digests: [], sentences: [payloads, digests] };
}

/** What a correction or an erasure would do. The database makes it and undoes it. */
export async function previewOf(asked: Asked): Promise<Preview> {
  const { kind, arguments: given } = asked;
  if (kind.startsWith("erase_")) return previewOfErasure(asked);
  const [row] = await operate(
    (sql) => sql<{ entries: number; weeks: string[]; digests: Digest[] }[]>`
      SELECT p.entries, to_json(p.weeks) AS weeks, p.digests
      FROM timesheet.preview_correction(${kind}::text, ${JSON.stringify(given)}::text::jsonb) AS p`,
  );
  if (!row) throw new Error("timesheet.preview_correction() returned no row");
  const { entries, weeks, digests } = row;
  const shown = weeks.slice(0, 6).map(longDay).join(", ") + (weeks.length > 6 ? " and others" : "");
  return {
    entries,
    digests,
    sentences: [
      `${counted(entries, "entry", "entries")} would change.`,
      weeks.length === 0
        ? "No week's hours would change."
        : `Hours of ${counted(weeks.length, "week", "weeks")} would change: those that begin on ${shown}.`,
      `${counted(digests.length, "sent digest", "sent digests")} would show a correction in the next digest.`,
    ],
  };
}
