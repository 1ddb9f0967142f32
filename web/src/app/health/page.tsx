import Form from "next/form";
import { runStatuses } from "@/data/runs";
import { Frame } from "@/components/frame";
import { Pager } from "@/components/pager";
import type { Search } from "@/components/parameters";
import { Tile, Tiles } from "@/components/tile";
import { To } from "@/components/to";
import { showing } from "@/http/answering";
import { spanText } from "@/range/days";
import { inState, rangeText } from "@/range/range";
import { address, stateOf } from "@/range/state";
import { DataTable } from "@/table/data_table";
import { ageText, countText, lengthText } from "@/table/figures";
import { loadHealth, runColumns } from "./load";

export const metadata = { title: "Health" };

export default showing(async function Health({ searchParams }: { searchParams: Search }) {
  const state = stateOf(await searchParams);
  const { calendar, range, feed, alerts, silent, findings, problems, installed, rows, sums, digests, order, page, hasMore } = await loadHealth(state);
  const isFresh = feed?.isStale === false;
  return (
    <Frame section="/health" title="Health" path="/health" state={state} range={{ range, calendar }} search="Search runs"
      subtitle={`Schema ${installed.schema} · ${installed.engine} engine · PostgreSQL ${installed.server}`}>
      <Tiles>
        <Tile name="Feed" id="feed" value={<span className={isFresh ? "good" : "bad"}>{feed?.ageSeconds == null ? "Never read" : isFresh ? "Fresh" : "Stale"}</span>}>
          {feed?.ageSeconds == null ? "no read of the present has succeeded yet" : `read ${ageText(feed.ageSeconds)} ago, at ${feed.freshThrough} UTC`}
        </Tile>
        <Tile name="Last nightly read" value={feed?.lastDeepReadAt ?? "None"}>{feed?.lastDeepReadAt && "UTC, of 35 days"}</Tile>
        <Tile name="Failed since" id="failed" value={<span className={feed?.failedSinceSuccess ? "bad" : undefined}>{countText(feed?.failedSinceSuccess ?? 0)}</span>}>runs since the last that succeeded</Tile>
        <Tile name="Not yet in the hours" id="backlog" value={countText(feed?.backlog ?? 0)}>versions received</Tile>
        <Tile name="Not understood" id="not-understood" value={countText(feed?.notUnderstood ?? 0)}>versions, kept raw</Tile>
        <Tile name="Deletions held back" id="deletions-held" value={<span className={feed?.deletionsHeld ? "bad" : undefined}>{countText(feed?.deletionsHeld ?? 0)}</span>}>
          entries that Jibble no longer shows and that still count{feed?.deletionsHeld ? "; see Alerts for why, and for the command that deletes them once you are sure" : ""}
        </Tile>
        <Tile name="Without an activity after a break" id="without-activity" value={countText(feed?.withoutActivityAfterBreak ?? 0)}>
          times that work went on after a break without an activity, in each agent's last 35 days{feed?.withoutActivityAfterBreak ? "; to count them for the activity before the break, set activity_after_break to carried_on in timesheet.settings" : ""}
        </Tile>
        <Tile name="Days to be stored" id="stale" value={countText(installed.staleDays)}>computed when asked for, until then</Tile>
        <Tile name="Days that differ from Jibble's own" id="audit" value={<span className={feed?.auditDaysDiffering ? "bad" : undefined}>{feed?.auditDaysDiffering == null ? "Never audited" : countText(feed.auditDaysDiffering)}</span>}>
          {feed?.lastAuditAt && feed.auditedSince && feed.auditedUntil
            ? `${spanText(feed.auditedSince, feed.auditedUntil)}, audited ${feed.lastAuditAt} UTC${feed.auditDaysNotCompared ? `; ${countText(feed.auditDaysNotCompared)} could not be compared` : ""}`
            : "timesheetd audit compares the hours with Jibble's"}
        </Tile>
        <Tile name="Digests to settle" id="digests" value={<span className={digests.inDoubt + digests.failed > 0 ? "bad" : undefined}>{countText(digests.inDoubt + digests.failed)}</span>}>{countText(digests.inDoubt)} in doubt, {countText(digests.failed)} failed <To href="/digests">Digests</To></Tile>
        <Tile name="Digests that wait" id="digests-waiting" value={<span className={digests.overdue > 0 ? "bad" : undefined}>{countText(digests.queued + digests.overdue)}</span>}>{countText(digests.queued)} in the queue, {countText(digests.overdue)} overdue</Tile>
      </Tiles>
      {feed?.lastError && feed.failedSinceSuccess > 0 && <p className="message bad" role="alert">Last error, {feed.lastErrorAt} UTC: {feed.lastError}</p>}
      <div className="beside-each-other">
        <section className="panel" aria-labelledby="alerts">
          <div className="panel-head"><h2 id="alerts">Alerts</h2></div>
          {alerts.length === 0 ? <p className="empty">None was ever raised.</p> : (
            <ul className="notes">
              {alerts.map((alert) => (
                <li key={`${alert.kind} ${alert.subject} ${alert.raisedAt}`}>
                  <span className={`tag ${alert.resolvedAt ? "" : "failed"}`}>{alert.resolvedAt ? "over" : "open"}</span>
                  <span>{alert.kind.replaceAll("_", " ")}</span>
                  <span className="beside">{alert.raisedAt}{alert.resolvedAt && ` – ${alert.resolvedAt}`} UTC · {alert.detail}</span>
                </li>
              ))}
            </ul>
          )}
        </section>
        <section className="panel" aria-labelledby="silent">
          <div className="panel-head"><h2 id="silent">Unusually silent agents</h2></div>
          {silent.length === 0 ? <p className="empty">Nobody is silent for longer than usual.</p> : (
            <ul className="notes">
              {silent.map((each) => (
                <li key={each.agentId}><To href={`/agents/${each.agentId}`}>{each.agent}</To><span className="beside">{each.client} · {each.silentDays} days, since {each.lastActivityAt} UTC</span></li>
              ))}
            </ul>
          )}
        </section>
      </div>
      {findings.length > 0 && (
        <section className="panel" aria-labelledby="audit">
          <div className="panel-head"><h2 id="audit">Days that differ from Jibble's own</h2><p className="beside">By agent and Jibble's date; those that could not be compared, too.</p></div>
          <ul className="notes">
            {findings.map((each) => (
              <li key={`${each.agentId} ${each.day}`}>
                <span className={`tag ${each.kind === "differs" ? "failed" : ""}`}>{each.kind}</span>
                <span><To href={`/agents/${each.agentId}/${each.day}`}>{each.agent}, {spanText(each.day, each.day)}</To></span>
                <span className="beside">ours {lengthText(each.ourSeconds)}{each.jibbleSeconds !== null && `, Jibble's ${lengthText(each.jibbleSeconds)}`} · {each.detail}</span>
              </li>
            ))}
          </ul>
        </section>
      )}
      <DataTable
        id="runs" caption={`Reads from Jibble, ${rangeText(range)}`} columns={runColumns} rows={rows} rowKey={(r) => r.id} path="/health" state={state} order={order}
        csv={address("/health/csv", { ...state, ...inState(range), page: "" })} totals={sums} totalLabel={`${countText(sums.count)} in all`} empty="No read began in these days like that."
        tools={
          <Form action="/health" prefetch={false} scroll={false} aria-label="Status of runs" className="filters inline">
            {Object.entries({ ...inState(range), q: state.q, sort: state.sort }).map(([name, value]) => value && <input key={name} type="hidden" name={name} value={value} />)}
            <label>Status <select key={state.status ?? ""} name="status" defaultValue={state.status ?? ""}><option value="">All</option>{runStatuses.map((status) => <option key={status} value={status}>{status}</option>)}</select></label>
            <button className="button quiet" type="submit">Filter</button>
          </Form>
        }
      />
      <Pager name="runs" path="/health" state={{ ...state, ...inState(range) }} page={page} hasMore={hasMore} />
      {problems.length > 0 && (
        <section className="panel" aria-labelledby="problems">
          <div className="panel-head"><h2 id="problems">Not understood</h2><p className="beside">Kept as they came; they stop nothing else.</p></div>
          <ul className="notes">
            {problems.map((problem) => <li key={problem.id}><span className="tag">{problem.resource}</span><span>{problem.problem}</span><span className="beside">{problem.fetchedAt} UTC · {problem.objectId ?? "no id"} · raw event {problem.id}</span></li>)}
          </ul>
        </section>
      )}
    </Frame>
  );
});
