import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { getEntry, getExplanation } from "@/data/explanation";
import { read } from "@/data/read";
import { Frame } from "@/components/frame";
import type { Search } from "@/components/parameters";
import { Reasons, Versions } from "@/components/reasons";
import { To } from "@/components/to";
import { showing } from "@/http/answering";
import { longDay } from "@/range/days";
import { stateOf } from "@/range/state";

export const metadata: Metadata = { title: "Entry" };

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export default showing(async function EntryPage({ params, searchParams }: { params: Promise<{ id: string }>; searchParams: Search }) {
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
    <Frame section="/entries" title={`${entry.type}, ${entry.atLocal}`} path={`/entries/${id}`} state={state} trail={{ path: "/entries", name: "Entries" }}
      subtitle={<>{entry.timeZone} · <To href={`/agents/${entry.agentId}?from=${entry.workday}&to=${entry.workday}`}>{entry.agent}</To> · {entry.client} · workday <To href={`/agents/${entry.agentId}/${entry.workday}`}>{longDay(entry.workday)}</To>{entry.deletedAt && <span className="tag deleted">deleted, seen {entry.deletedAt} UTC</span>}</>}>
      <section className="panel" aria-labelledby="versions">
        <div className="panel-head"><h2 id="versions">Versions</h2><p className="beside">Byte for byte as Jibble sent them; what changed is marked.</p></div>
        <Versions reasons={own} />
      </section>
      <Reasons reasons={[...own.filter((reason) => reason.part !== "version"), ...reasons.filter((reason) => reason.part === "run" && runs.has(reason.runId))]} />
      <p className="hint">Jibble&apos;s id: <code>{id}</code></p>
    </Frame>
  );
});
