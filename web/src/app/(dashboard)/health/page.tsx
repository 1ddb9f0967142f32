import Form from "next/form";
import { currentOperator } from "@/auth/operator";
import { runStatuses } from "@/data/runs";
import { AlertActions } from "@/components/alert_actions";
import { AlertNotifications, NotificationWays } from "@/components/alert_notifications";
import { alertText } from "@/components/alert_text";
import { alertName, auditResultName, resourceName, runStatusName } from "@/components/codes";
import { ContactProblems } from "@/components/contact_problems";
import { DocLink } from "@/components/doc_link";
import { ForAdministrator } from "@/components/for_administrator";
import { Frame } from "@/components/frame";
import { Pager } from "@/components/pager";
import { indented } from "@/components/raw_text";
import { RuleLink } from "@/components/rule_link";
import { placeOfAlert } from "@/components/rules";
import type { Search } from "@/components/parameters";
import { Tile, Tiles } from "@/components/tile";
import { AppLink } from "@/components/app_link";
import { withErrorPage } from "@/http/failures";
import { spanText, timeText } from "@/range/days";
import { inState, rangeText } from "@/range/range";
import { address, stateOf } from "@/range/state";
import { DataTable } from "@/table/data_table";
import { ageText, countText, lengthText } from "@/table/figures";
import { loadHealth, runColumns } from "./load";

/** Leads to what the documentation says about an alert. */
function AlertPlace({ kind }: { kind: string }) {
  const place = placeOfAlert(kind);
  return (
    place && (
      <>
        {" · "}
        <DocLink to={place}>what to do</DocLink>
      </>
    )
  );
}

export const metadata = { title: "Health" };

export default withErrorPage(async function Health({ searchParams }: { searchParams: Search }) {
  const state = stateOf(await searchParams);
  const {
    calendar,
    range,
    feed,
    alerts,
    openAlerts,
    notifications,
    ways,
    silent,
    findings,
    problems,
    installed,
    rows,
    sums,
    digests,
    contactProblems,
    order,
    page,
    hasMore,
  } = await loadHealth(state);
  const zone = calendar.timeZone;
  const openShown = alerts.filter((alert) => !alert.resolvedAt).length;
  const isFresh = feed?.isStale === false;
  const mayChange = (await currentOperator()) !== null;
  return (
    <Frame
      section="/health"
      title="Health"
      path="/health"
      state={state}
      range={{ range, calendar }}
      search="Search runs"
      subtitle={
        `Schema ${installed.schema} · ${installed.engine} engine · PostgreSQL ${installed.server} · ` +
        `times are in ${calendar.timeZone}`
      }
    >
      <Tiles>
        <Tile
          name="Data from Jibble"
          id="feed"
          value={
            <span className={isFresh ? "good" : "bad"}>
              {feed?.ageSeconds == null ? "Not up to date yet" : isFresh ? "Up to date" : "Out of date"}
            </span>
          }
        >
          {feed?.ageSeconds == null
            ? "no read has reached the present yet"
            : `read ${ageText(feed.ageSeconds)} ago, at ${timeText(feed.freshThrough)} (${zone})`}
        </Tile>
        <Tile name="Last nightly resync" value={feed?.lastNightlyAt ? timeText(feed.lastNightlyAt) : "None"}>
          {feed?.lastNightlyAt && `(${zone}), of the last 35 days`}
        </Tile>
        <Tile
          name="Failed runs"
          id="failed"
          value={
            <span className={feed?.failedSinceSuccess ? "bad" : undefined}>
              {countText(feed?.failedSinceSuccess ?? 0)}
            </span>
          }
        >
          since the last run that succeeded
        </Tile>
        <Tile name="Waiting to be processed" id="backlog" value={countText(feed?.backlog ?? 0)}>
          versions received, not in the hours yet
        </Tile>
        <Tile name="Rejected" id="rejected" value={countText(feed?.rejected ?? 0)}>
          time entries and others kept as received
        </Tile>
        <Tile
          name="Deletions held back"
          id="deletions-held"
          value={<span className={feed?.deletionsHeld ? "bad" : undefined}>{countText(feed?.deletionsHeld ?? 0)}</span>}
        >
          entries that Jibble no longer has and that still count
          {feed?.deletionsHeld ? "; see Alerts for why, and for the command that deletes them once you are sure" : ""}
        </Tile>
        <Tile
          name="Without an activity after a break"
          id="without-activity"
          value={countText(feed?.withoutActivityAfterBreak ?? 0)}
        >
          times that work continued after a break without an activity, in each agent's last 35 days
          {feed?.withoutActivityAfterBreak ? "; a setting can count them for the activity before the break: " : ""}
          {feed?.withoutActivityAfterBreak ? (
            <DocLink to="operations.md#work-after-a-break">work after a break</DocLink>
          ) : null}
        </Tile>
        <Tile name="Days to refresh" id="stale" value={countText(installed.staleDays)}>
          calculated on demand until then
        </Tile>
        <Tile
          name="Days that differ from Jibble's own"
          id="audit"
          value={
            <span className={feed?.auditDaysDiffering ? "bad" : undefined}>
              {feed?.auditDaysDiffering == null ? "Never audited" : countText(feed.auditDaysDiffering)}
            </span>
          }
        >
          {feed?.lastAuditAt && feed.auditedSince && feed.auditedUntil
            ? `${spanText(feed.auditedSince, feed.auditedUntil)}, audited ${timeText(feed.lastAuditAt)} (${zone})` +
              `${feed.auditDaysNotCompared ? `; ${countText(feed.auditDaysNotCompared)} could not be compared` : ""}`
            : "timesheetd audit compares the hours with Jibble's"}
        </Tile>
        <Tile
          name="Digests to resolve"
          id="digests"
          value={
            <span className={digests.inDoubt + digests.failed > 0 ? "bad" : undefined}>
              {countText(digests.inDoubt + digests.failed)}
            </span>
          }
        >
          {countText(digests.inDoubt)} in doubt, {countText(digests.failed)} failed{" "}
          <AppLink href="/digests">Digests</AppLink>
        </Tile>
        <Tile
          name="Digests waiting"
          id="digests-waiting"
          value={
            <span className={digests.overdue > 0 ? "bad" : undefined}>
              {countText(digests.queued + digests.overdue)}
            </span>
          }
        >
          {countText(digests.queued)} in the queue, {countText(digests.overdue)} overdue
        </Tile>
        <Tile
          name="Contacts to correct"
          id="contacts"
          value={
            <span className={digests.contactProblems > 0 ? "bad" : undefined}>
              {countText(digests.contactProblems)}
            </span>
          }
        >
          in the list from Airtable
        </Tile>
      </Tiles>
      {feed?.lastError && feed.failedSinceSuccess > 0 && (
        <p className="message bad" role="alert">
          Last error, {timeText(feed.lastErrorAt)} ({zone}): {feed.lastError}
        </p>
      )}
      <div className="two-columns">
        <section className="panel" aria-labelledby="alerts">
          <div className="panel-head">
            <h2 id="alerts">Alerts</h2>
            <AppLink href="/actions">What staff changed</AppLink>
          </div>
          <NotificationWays ways={ways} />
          {alerts.length === 0 ? (
            <p className="empty">No alerts.</p>
          ) : (
            <ul className="notes">
              {alerts.map((alert) => (
                <li key={`${alert.kind} ${alert.subject} ${alert.raisedAt}`}>
                  <span className={`tag ${alert.resolvedAt ? "" : "failed"}`}>
                    {alert.resolvedAt ? "resolved" : "open"}
                  </span>
                  <span>{alertName(alert.kind)}</span>
                  <span className="detail">
                    {timeText(alert.raisedAt)}
                    {alert.resolvedAt && ` – ${timeText(alert.resolvedAt)}`} ({zone}) ·{" "}
                    {alertText(alert.detail).sentence}
                    {alert.acknowledgedBy &&
                      ` · acknowledged by ${alert.acknowledgedBy}, ${timeText(alert.acknowledgedAt)} (${zone})`}
                    <AlertPlace kind={alert.kind} />
                  </span>
                  <AlertNotifications alert={alert} notifications={notifications} ways={ways} zone={zone} />
                  {!alert.resolvedAt && <ForAdministrator text={alertText(alert.detail).forAdministrator} />}
                  {mayChange && !alert.resolvedAt && <AlertActions alert={alert} />}
                </li>
              ))}
            </ul>
          )}
          {openAlerts > openShown && (
            <p className="hint" id="more-alerts">
              {countText(openAlerts)} alerts are open; these are {countText(openShown)} of them.
            </p>
          )}
          {alerts.length > 0 && (
            <details className="raw codes">
              <summary>Codes and times in UTC</summary>
              <pre tabIndex={0} aria-label="Codes and times of the alerts">
                {alerts.map((alert) => `${alert.kind} · ${alert.subject} · ${alert.raisedUtc} UTC`).join("\n")}
              </pre>
            </details>
          )}
        </section>
        <section className="panel" aria-labelledby="silent">
          <div className="panel-head">
            <h2 id="silent">Unusually silent agents</h2>
          </div>
          {silent.length === 0 ? (
            <p className="empty">No agent has been silent for unusually long.</p>
          ) : (
            <ul className="notes">
              {silent.map((each) => (
                <li key={each.agentId}>
                  <AppLink href={`/agents/${each.agentId}`}>{each.agent}</AppLink>
                  <span className="detail">
                    {each.client} · {each.silentDays} days, since {timeText(each.lastActivityAt)} ({zone})
                  </span>
                </li>
              ))}
            </ul>
          )}
        </section>
      </div>
      <ContactProblems problems={contactProblems} count={digests.contactProblems} zone={zone} />
      {findings.length > 0 && (
        <section className="panel" aria-labelledby="audit">
          <div className="panel-head">
            <h2 id="audit">Days that differ from Jibble's own</h2>
            <p className="detail">By agent and Jibble's date, including days that could not be compared.</p>
          </div>
          <ul className="notes">
            {findings.map((each) => (
              <li key={`${each.agentId} ${each.day}`}>
                <span className={`tag ${each.kind === "differs" ? "failed" : ""}`}>{auditResultName(each.kind)}</span>
                <span>
                  <AppLink href={`/agents/${each.agentId}/${each.day}`}>
                    {each.agent}, {spanText(each.day, each.day)}
                  </AppLink>
                </span>
                <span className="detail">
                  ours {lengthText(each.ourSeconds)}
                  {each.jibbleSeconds !== null && `, Jibble's ${lengthText(each.jibbleSeconds)}`} · {each.detail}
                </span>
              </li>
            ))}
          </ul>
        </section>
      )}
      <DataTable
        id="runs"
        caption={`Run log, ${rangeText(range)}`}
        columns={runColumns(zone)}
        rows={rows}
        rowKey={(r) => r.id}
        path="/health"
        state={state}
        order={order}
        csv={address("/health/csv", { ...state, ...inState(range), page: "" })}
        totals={sums}
        totalLabel={`${countText(sums.count)} in all`}
        empty="No matching runs."
        tools={
          <Form action="/health" prefetch={false} scroll={false} aria-label="Status of runs" className="filters inline">
            {Object.entries({ ...inState(range), q: state.q, sort: state.sort }).map(
              ([name, value]) => value && <input key={name} type="hidden" name={name} value={value} />,
            )}
            <label>
              Status{" "}
              <select key={state.status ?? ""} name="status" defaultValue={state.status ?? ""}>
                <option value="">All</option>
                {runStatuses.map((status) => (
                  <option key={status} value={status}>
                    {runStatusName(status)}
                  </option>
                ))}
              </select>
            </label>
            <button className="button quiet" type="submit">
              Filter
            </button>
          </Form>
        }
      />
      <Pager name="runs" path="/health" state={{ ...state, ...inState(range) }} page={page} hasMore={hasMore} />
      {problems.length > 0 && (
        <section className="panel" aria-labelledby="problems">
          <div className="panel-head">
            <h2 id="problems">Rejected</h2>
            <p className="detail">
              Kept as received, and counted for nothing; everything else goes on. <RuleLink rule="R13" />
            </p>
          </div>
          <ul className="notes">
            {problems.map((problem) => (
              <li key={problem.id}>
                <span className="tag">{resourceName(problem.resource)}</span>
                <span>{problem.problem}</span>
                <span className="detail">
                  received {timeText(problem.fetchedAt)} ({zone})
                </span>
                <details className="raw">
                  <summary>As received</summary>
                  <p className="detail">
                    {timeText(problem.fetchedUtc)} UTC · {problem.objectId ?? "no id"} · raw event {problem.id}
                  </p>
                  {problem.payload !== null && (
                    <pre tabIndex={0} aria-label={`Content of raw event ${problem.id}`}>
                      {indented(problem.payload).join("\n")}
                    </pre>
                  )}
                </details>
              </li>
            ))}
          </ul>
        </section>
      )}
    </Frame>
  );
});
