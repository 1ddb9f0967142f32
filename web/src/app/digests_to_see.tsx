import type { DigestHealth } from "@/data/digest_health";
import { To } from "@/components/to";

const counted = (count: number, one: string, many: string) => (count === 0 ? null : count === 1 ? `one ${one}` : `${count} ${many}`);

/** The digests that somebody should look at; nothing where none is. */
export function DigestsToSee({ digests }: { digests: DigestHealth }) {
  const bad = [counted(digests.inDoubt, "is in doubt", "are in doubt"), counted(digests.failed, "failed", "failed")].filter(Boolean).join(", ");
  const late = counted(digests.overdue, "is overdue", "are overdue");
  const queued = counted(digests.queued, "is in the queue", "are in the queue");
  return (
    <>
      {bad && <p className="message bad" role="alert"><To href="/digests">Digests</To>: {bad}. Somebody has to decide.</p>}
      {late && <p className="message"><To href="/digests">Digests</To>: {late}{digests.overdueBecause && `; ${digests.overdueBecause}`}.</p>}
      {queued && <p className="hint"><To href="/digests">Digests</To>: {queued}.</p>}
    </>
  );
}
