import type { Metadata } from "next";
import { currentOperator } from "@/auth/operator";
import { ActionLink, ActionLinks } from "@/components/action_link";
import { Remedy, StateTag, whatHappened } from "@/components/delivery_words";
import { DocLink } from "@/components/doc_link";
import { Frame } from "@/components/frame";
import type { Search } from "@/components/parameters";
import { Tile, Tiles } from "@/components/tile";
import { withErrorPage } from "@/http/failures";
import { timeText } from "@/range/days";
import { hundredth } from "@/range/hours_unit";
import { address, stateOf } from "@/range/state";
import { DataTable } from "@/table/data_table";
import { countText, hoursText } from "@/table/figures";
import { loadDelivery, revisionColumns } from "./load";

/** Names and values; what has no value is left out. */
function Facts({ facts }: { facts: readonly (readonly [string, string | null])[] }) {
  return (
    <dl className="facts">
      {facts.map(
        ([name, value]) =>
          value && (
            <div key={name}>
              <dt>{name}</dt>
              <dd data-fact={name}>{value}</dd>
            </div>
          ),
      )}
    </dl>
  );
}

export const metadata: Metadata = { title: "Digest" };

export default withErrorPage(async function Digest({
  params,
  searchParams,
}: {
  params: Promise<{ id: string }>;
  searchParams: Search;
}) {
  const state = stateOf(await searchParams);
  const { id, zone, delivery, mail, revisions, columns, correctedColumns, order, own, rows, corrected } =
    await loadDelivery((await params).id, state);
  const path = `/digests/${id}`;
  const mayChange = (await currentOperator()) !== null;
  const ofThis = { email: delivery.email, week: delivery.week };
  const needsDecision = delivery.state === "in_doubt" || delivery.state === "failed";
  const at = (time: string | null) => time && `${timeText(time)} (${zone})`;
  const facts: [string, string | null][] = [
    ["Subject", mail.subject],
    ["To", delivery.email],
    ["Week", delivery.period],
    ["Time zones", mail.timeZones],
    ["Numbers as of", mail.asOf],
    ["Queued", at(delivery.queuedAt)],
    ["First attempt", at(mail.firstAttemptAt)],
    ["Last attempt", at(delivery.lastAttemptAt)],
    ["Next attempt", delivery.nextAttemptAt && `not before ${at(delivery.nextAttemptAt)}`],
    [
      "May have been accepted",
      mail.isIndeterminate ? "yes, as the provider's answer to an attempt is not known" : null,
    ],
    [
      "Recipient",
      delivery.gone && (delivery.gone === "removed" ? "was removed from the contacts" : "has unsubscribed"),
    ],
  ];
  // What a provider's support or a developer asks for.
  const raw: [string, string | null][] = [
    ["Provider", delivery.provider],
    ["Provider's id", delivery.providerMessageId],
    ["Last error", delivery.error],
    ...mail.utc.map(({ name, at }): [string, string | null] => [`UTC, ${name}`, at && `${timeText(at)} UTC`]),
  ];
  return (
    <Frame
      section="/digests"
      title={`${delivery.title}, ${delivery.period}`}
      path={path}
      state={state}
      trail={{ path: "/digests", name: "Digests" }}
      subtitle={
        <>
          <StateTag state={delivery.state} />
          to {delivery.email}
          {delivery.revision > 1 && ` · revision ${delivery.revision}`}
        </>
      }
    >
      {needsDecision && (
        <div className={`message ${delivery.gone || delivery.isRevised ? "" : "bad"}`} role="status">
          <p>{whatHappened(delivery, zone)}.</p>
          <Remedy delivery={delivery} mayChange={mayChange} />
        </div>
      )}
      {mayChange && (
        <ActionLinks>
          {delivery.state === "sent" && !delivery.gone && (
            <ActionLink action="resend_digest" values={ofThis} isComplete>
              Send it again
            </ActionLink>
          )}
          {delivery.gone === "unsubscribed" && (
            <ActionLink action="resubscribe" values={{ email: delivery.email }} isComplete>
              Subscribe the contact again
            </ActionLink>
          )}
          <ActionLink action="send_preview" values={ofThis} isComplete>
            Send me a preview
          </ActionLink>
        </ActionLinks>
      )}
      <Tiles>
        <Tile name="Hours reported" id="hours" value={hoursText(delivery.hours, hundredth)} />
        <Tile name="Agents" id="agents" value={countText(new Set(own.map((row) => row.agentId)).size)} />
        <Tile name="Attempts" id="attempts" value={countText(delivery.attempts)} />
        <Tile name="Revision" id="revision" value={countText(delivery.revision)}>
          {revisions.length > 1 && `of ${revisions.length}`}
        </Tile>
      </Tiles>
      <div className="two-columns">
        <section className="panel" aria-labelledby="preview">
          <div className="panel-head">
            <h2 id="preview">E-mail</h2>
            <p className="detail">As sent; nothing in it can run.</p>
          </div>
          {mail.hasHtml ? (
            <iframe
              className="mail"
              sandbox=""
              src={`${path}/mail`}
              title={`The e-mail “${mail.subject}”`}
              referrerPolicy="no-referrer"
              loading="lazy"
            />
          ) : (
            <p className="empty">
              It will be written at the first attempt, from the numbers on this page, which are final.
            </p>
          )}
          {mail.text && (
            <details className="text-part">
              <summary>Text part</summary>
              <pre tabIndex={0} aria-label="The text part of the e-mail">
                {mail.text}
              </pre>
            </details>
          )}
        </section>
        <div className="stack">
          <section className="panel" aria-labelledby="facts">
            <div className="panel-head">
              <h2 id="facts">Delivery {id}</h2>
            </div>
            <Facts facts={facts} />
            <p className="hint">
              {whatHappened(delivery, zone)}.{" "}
              <DocLink to="digests.md#the-state-of-a-delivery">What each state means</DocLink>
            </p>
            <details className="raw codes">
              <summary>The provider&apos;s answer, and times in UTC</summary>
              <Facts facts={raw} />
            </details>
          </section>
          <DataTable
            id="reported"
            caption="Numbers as sent"
            columns={columns}
            rows={rows}
            rowKey={(t) => t.key}
            path={path}
            state={state}
            order={order}
            csv={address(`${path}/csv`, state)}
            empty="No work in this week."
          />
          {corrected.length > 0 && (
            <DataTable
              id="corrected"
              caption="Corrections of earlier weeks"
              columns={correctedColumns.map((column) => ({ ...column, sortable: false }))}
              rows={corrected}
              rowKey={(t) => t.key}
              path={path}
              state={state}
              order={null}
              csv={address(`${path}/csv`, { ...state, table: "corrected" })}
              empty=""
            />
          )}
        </div>
      </div>
      {revisions.length > 1 && (
        <DataTable
          id="revisions"
          caption="Revisions"
          columns={revisionColumns(zone)}
          rows={revisions}
          rowKey={(d) => d.id}
          path={path}
          state={state}
          order={null}
          csv={address(`${path}/csv`, { ...state, table: "revisions" })}
          empty=""
        />
      )}
    </Frame>
  );
});
