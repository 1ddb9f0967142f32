import type { Metadata } from "next";
import { Remedy, StateTag, whatHappened } from "@/components/delivery_words";
import { Frame } from "@/components/frame";
import type { Search } from "@/components/parameters";
import { Tile, Tiles } from "@/components/tile";
import { showing } from "@/http/answering";
import { address, stateOf } from "@/range/state";
import { DataTable } from "@/table/data_table";
import { countText, hoursText } from "@/table/figures";
import { loadDelivery, revisionColumns } from "./load";

export const metadata: Metadata = { title: "Digest" };

export default showing(async function Digest({ params, searchParams }: { params: Promise<{ id: string }>; searchParams: Search }) {
  const state = stateOf(await searchParams);
  const { id, delivery, mail, revisions, columns, correctedColumns, order, own, rows, corrected } = await loadDelivery((await params).id, state);
  const path = `/digests/${id}`;
  const needsSomebody = delivery.state === "in_doubt" || delivery.state === "failed";
  const facts: [string, string | null][] = [
    ["Subject", mail.subject], ["To", delivery.email], ["Week", delivery.period], ["Days in", mail.timeZones], ["Numbers as of", mail.asOf], ["Queued", `${delivery.queuedAt} UTC`],
    ["First attempt", mail.firstAttemptAt && `${mail.firstAttemptAt} UTC`], ["Last attempt", delivery.lastAttemptAt && `${delivery.lastAttemptAt} UTC`],
    ["Next attempt", delivery.nextAttemptAt && `not before ${delivery.nextAttemptAt} UTC`], ["Provider", delivery.provider], ["Provider's id", delivery.providerId], ["Last error", delivery.error],
    ["An answer was unclear", mail.isIndeterminate ? "yes, so it may have been accepted" : null], ["The person", delivery.gone && (delivery.gone === "removed" ? "was removed from the contacts" : "has unsubscribed")],
  ];
  return (
    <Frame section="/digests" title={`${delivery.title}, ${delivery.period}`} path={path} state={state} trail={{ path: "/digests", name: "Digests" }}
      subtitle={<><StateTag state={delivery.state} />to {delivery.email}{delivery.revision > 1 && ` · revision ${delivery.revision}`}</>}>
      {needsSomebody && <div className={`message ${delivery.gone || delivery.isRevised ? "" : "bad"}`} role="status"><p>{whatHappened(delivery)}.</p><Remedy delivery={delivery} /></div>}
      <Tiles>
        <Tile name="Hours told" id="hours" value={hoursText(delivery.hours)} />
        <Tile name="Agents" id="agents" value={countText(new Set(own.map((row) => row.agentId)).size)} />
        <Tile name="Attempts" id="attempts" value={countText(delivery.attempts)} />
        <Tile name="Revision" id="revision" value={countText(delivery.revision)}>{revisions.length > 1 && `of ${revisions.length}`}</Tile>
      </Tiles>
      <div className="beside-each-other">
        <section className="panel" aria-labelledby="preview">
          <div className="panel-head"><h2 id="preview">The mail</h2><p className="beside">As it was first handed over; nothing in it can run.</p></div>
          {mail.hasHtml
            ? <iframe className="mail" sandbox="" src={`${path}/mail`} title={`The mail “${mail.subject}”`} referrerPolicy="no-referrer" loading="lazy" />
            : <p className="empty">It is written at the first attempt, from the numbers beside, which stand already.</p>}
          {mail.text && <details className="text-part"><summary>Its text part</summary><pre tabIndex={0} aria-label="The text part of the mail">{mail.text}</pre></details>}
        </section>
        <div className="stack">
          <section className="panel" aria-labelledby="facts">
            <div className="panel-head"><h2 id="facts">Delivery {id}</h2></div>
            <dl className="facts">{facts.map(([name, value]) => value && <div key={name}><dt>{name}</dt><dd data-fact={name}>{value}</dd></div>)}</dl>
          </section>
          <DataTable
            id="told" caption="The numbers, frozen" columns={columns} rows={rows} rowKey={(t) => t.key} path={path} state={state} order={order} csv={address(`${path}/csv`, state)}
            empty="Nobody worked in this week."
          />
          {corrected.length > 0 && <DataTable id="corrected" caption="Earlier weeks, told again" columns={correctedColumns.map((column) => ({ ...column, sortable: false }))} rows={corrected} rowKey={(t) => t.key} path={path} state={state} order={null} empty="" />}
        </div>
      </div>
      {revisions.length > 1 && <DataTable id="revisions" caption="Revisions" columns={revisionColumns} rows={revisions} rowKey={(d) => d.id} path={path} state={state} order={null} empty="" />}
    </Frame>
  );
});
