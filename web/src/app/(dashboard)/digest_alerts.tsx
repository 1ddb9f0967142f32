import type { DigestHealth } from "@/data/digest_health";
import { AppLink } from "@/components/app_link";

const counted = (count: number, one: string, many: string) =>
  count === 0 ? null : count === 1 ? `one ${one}` : `${count} ${many}`;

/** Kinds of alerts that are said here, with their number. */
export function kindsOfDigestAlerts({ inDoubt, failed, overdue }: DigestHealth): string[] {
  return [
    ...(inDoubt > 0 ? ["digest_in_doubt"] : []),
    ...(failed > 0 ? ["digest_failed"] : []),
    ...(overdue > 0 ? ["digest_overdue"] : []),
  ];
}

/** Digests that need attention; nothing if none do. */
export function DigestAlerts({ digests }: { digests: DigestHealth }) {
  const bad = [counted(digests.inDoubt, "is in doubt", "are in doubt"), counted(digests.failed, "failed", "failed")]
    .filter(Boolean)
    .join(", ");
  const late = counted(digests.overdue, "is overdue", "are overdue");
  const queued = counted(digests.queued, "is in the queue", "are in the queue");
  return (
    <>
      {bad && (
        <p className="message bad" role="alert">
          <AppLink href="/digests">Digests</AppLink>: {bad}. Needs a decision.
        </p>
      )}
      {late && (
        <p className="message">
          <AppLink href="/digests">Digests</AppLink>: {late}
          {digests.overdueBecause && `; ${digests.overdueBecause}`}.
        </p>
      )}
      {queued && (
        <p className="hint">
          <AppLink href="/digests">Digests</AppLink>: {queued}.
        </p>
      )}
    </>
  );
}
