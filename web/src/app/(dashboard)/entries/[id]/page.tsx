import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { getEntry, getExplanation } from "@/data/explanation";
import { read } from "@/data/read";
import { entryTypeName } from "@/components/codes";
import { Frame } from "@/components/frame";
import type { Search } from "@/components/parameters";
import { AsReceived, Happened } from "@/components/reasons";
import { AppLink } from "@/components/app_link";
import { withErrorPage } from "@/http/failures";
import { longDay, timeText } from "@/range/days";
import { stateOf } from "@/range/state";

export const metadata: Metadata = { title: "Entry" };

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export default withErrorPage(async function EntryPage({
  params,
  searchParams,
}: {
  params: Promise<{ id: string }>;
  searchParams: Search;
}) {
  const { id } = await params;
  const state = stateOf(await searchParams);
  if (!uuid.test(id)) notFound();
  const found = await read(async (sql) => {
    const entry = await getEntry(sql, id);
    return entry && { entry, reasons: await getExplanation(sql, entry.workday, entry.agentId) };
  });
  if (!found) notFound();
  const { entry, reasons } = found;
  const own = reasons.filter((reason) => reason.entryId === id);
  const runs = new Set(own.map((reason) => reason.runId));
  return (
    <Frame
      section="/entries"
      title={`${entryTypeName(entry.type)}, ${timeText(entry.atLocal)}`}
      path={`/entries/${id}`}
      state={state}
      trail={{ path: "/entries", name: "Entries" }}
      subtitle={
        <>
          {entry.timeZone} ·{" "}
          <AppLink href={`/agents/${entry.agentId}?from=${entry.workday}&to=${entry.workday}`}>{entry.agent}</AppLink>
          {" · "}
          {entry.client} · workday{" "}
          <AppLink href={`/agents/${entry.agentId}/${entry.workday}`}>{longDay(entry.workday)}</AppLink>
          {entry.deletedAt && <span className="tag deleted">deleted, found {timeText(entry.deletedAt)}</span>}
        </>
      }
    >
      <Happened
        reasons={own.filter((reason) => reason.part === "session" || reason.part === "event")}
        agentId={entry.agentId}
        workday={entry.workday}
        entry={id}
      />
      <AsReceived
        isOpen
        reasons={[...own, ...reasons.filter((reason) => reason.part === "run" && runs.has(reason.runId))]}
      />
      <p className="hint">
        Jibble&apos;s id: <code>{id}</code>
      </p>
    </Frame>
  );
});
