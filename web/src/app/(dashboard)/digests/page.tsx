import Form from "next/form";
import { currentOperator } from "@/auth/operator";
import { deliveryStates } from "@/data/digests";
import { ActionLink } from "@/components/action_link";
import { ContactProblems } from "@/components/contact_problems";
import { Remedy, StateTag, stateName, whatHappened } from "@/components/delivery_words";
import { DocLink } from "@/components/doc_link";
import { Frame } from "@/components/frame";
import { Pager } from "@/components/pager";
import type { Search } from "@/components/parameters";
import { Tile, Tiles } from "@/components/tile";
import { AppLink } from "@/components/app_link";
import { withErrorPage } from "@/http/failures";
import { timeText } from "@/range/days";
import { inState, rangeText } from "@/range/range";
import { address, stateOf } from "@/range/state";
import { DataTable } from "@/table/data_table";
import { countText } from "@/table/figures";
import { deliveryColumns, loadDigests, previewsShown, waitingColumns } from "./load";
import { portalActionColumns, portalColumns } from "./portal_columns";
import { previewColumns } from "./preview_columns";

export const metadata = { title: "Digests" };

export default withErrorPage(async function Digests({ searchParams }: { searchParams: Search }) {
  const state = stateOf(await searchParams);
  const {
    calendar,
    range,
    rows,
    hasMore,
    page,
    order,
    sums,
    toResolve,
    health,
    waiting,
    waitingOrder,
    problems,
    previews,
    hasMorePreviews,
    portal,
    portalOrder,
  } = await loadDigests(state);
  const zone = calendar.timeZone;
  const mayChange = (await currentOperator()) !== null;
  const isBad = (count: number) => <span className={count > 0 ? "bad" : undefined}>{countText(count)}</span>;
  return (
    <Frame
      section="/digests"
      title="Digests"
      path="/digests"
      state={state}
      range={{ range, calendar }}
      search="Search digests"
      subtitle={
        "The weekly e-mails to the clients' contacts, with their numbers as sent. " +
        "The days are those on which an e-mail was queued."
      }
    >
      <Tiles>
        <Tile name="In doubt" id="in-doubt" value={isBad(health.inDoubt)}>
          may have arrived; needs a decision
        </Tile>
        <Tile name="Failed" id="failed" value={isBad(health.failed)}>
          and not sent again
        </Tile>
        <Tile name="In the queue" id="queued" value={countText(health.queued)}>
          sent by the next passes
        </Tile>
        <Tile name="Overdue" id="overdue" value={isBad(health.overdue)}>
          {health.overdueBecause ?? "due, and not queued yet"}
        </Tile>
        <Tile name="Next due" id="next" value={health.nextDueAt ? timeText(health.nextDueAt) : "None"}>
          {health.nextDueAt && `(${zone})`}
        </Tile>
        <Tile name="Contacts to correct" id="problems" value={countText(health.contactProblems)}>
          in the list from Airtable
        </Tile>
      </Tiles>
      {toResolve.length > 0 && (
        <section className="panel" aria-labelledby="to-resolve">
          <div className="panel-head">
            <h2 id="to-resolve">Needs a decision</h2>
            <p className="detail">
              Whenever they were queued.{" "}
              <DocLink to="digests.md#the-state-of-a-delivery">What each state means</DocLink>
            </p>
          </div>
          <ul className="notes to-resolve">
            {toResolve.map((delivery) => (
              <li key={delivery.id} data-delivery={delivery.id}>
                <StateTag state={delivery.state} />
                <AppLink href={`/digests/${delivery.id}`}>{delivery.email}</AppLink>
                <span>
                  {delivery.title}, {delivery.period}
                </span>
                <span className="detail">{whatHappened(delivery, zone)}</span>
                <Remedy delivery={delivery} mayChange={mayChange} />
              </li>
            ))}
          </ul>
        </section>
      )}
      <DataTable
        id="digests"
        caption={`Queued in ${rangeText(range)}`}
        columns={deliveryColumns(zone)}
        rows={rows}
        rowKey={(d) => d.id}
        path="/digests"
        state={state}
        order={order}
        totals={sums}
        totalLabel={`${countText(sums.count)} in all`}
        csv={address("/digests/csv", { ...state, ...inState(range), page: "" })}
        empty={
          state.q || state.state ? (
            <>
              No matching digest was queued in {rangeText(range)}.{" "}
              <AppLink href={address("/digests", inState(range))}>Show all of these days</AppLink>
            </>
          ) : (
            `No digest was queued in ${rangeText(range)}.`
          )
        }
        tools={
          <Form
            action="/digests"
            prefetch={false}
            scroll={false}
            aria-label="State of digests"
            className="filters inline"
          >
            {Object.entries({ ...inState(range), q: state.q, sort: state.sort, waiting: state.waiting }).map(
              ([name, value]) => value && <input key={name} type="hidden" name={name} value={value} />,
            )}
            <label>
              State{" "}
              <select key={state.state ?? ""} name="state" defaultValue={state.state ?? ""}>
                <option value="">All</option>
                {deliveryStates.map((each) => (
                  <option key={each} value={each}>
                    {stateName(each)}
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
      <p className="hint">
        <DocLink to="digests.md#when-a-week-is-sent">When a week is sent</DocLink>, and{" "}
        <DocLink to="digests.md#the-state-of-a-delivery">what each state means</DocLink>. The hours are those that were
        reported, as decimals.
      </p>
      <Pager name="digests" path="/digests" state={{ ...state, ...inState(range) }} page={page} hasMore={hasMore} />
      <DataTable
        id="waiting"
        caption="Not queued yet"
        columns={waitingColumns(zone)}
        rows={waiting}
        rowKey={(w) => w.key}
        path="/digests"
        state={state}
        order={waitingOrder}
        sortParameter="waiting"
        csv={address("/digests/csv", { ...state, ...inState(range), page: "", table: "waiting" })}
        empty={
          state.q
            ? `No waiting digest has “${state.q}”.`
            : "No digests scheduled. Contacts come from Airtable: timesheetd contacts."
        }
      />
      <DataTable
        id="previews"
        caption="Previews"
        columns={previewColumns(zone)}
        rows={previews}
        rowKey={(p) => p.id}
        path="/digests"
        state={state}
        order={null}
        csv={address("/digests/csv", { q: state.q ?? "", table: "previews" })}
        empty={state.q ? `No preview has “${state.q}”.` : "No preview was sent to staff yet."}
        tools={<ActionLink action="send_preview">Preview a digest</ActionLink>}
        note={
          previews.length > 0 && (
            <p className="hint">
              {hasMorePreviews && `The newest ${previewsShown}; the files have all. `}
              E-mails to staff, which show what a contact would get. One that failed or is in doubt is not sent again:
              ask for another.
            </p>
          )
        }
      />
      <DataTable
        id="portal"
        caption="Clients' portal"
        columns={mayChange ? [...portalColumns(zone), ...portalActionColumns] : portalColumns(zone)}
        rows={portal}
        rowKey={(p) => p.contactId}
        path="/digests"
        state={state}
        order={portalOrder}
        sortParameter="portal"
        csv={address("/digests/csv", { q: state.q ?? "", portal: state.portal ?? "", table: "portal" })}
        empty={
          state.q
            ? `No contact has “${state.q}”.`
            : "There are no contacts. They come from Airtable: timesheetd contacts."
        }
        note={
          portal.length > 0 && (
            <p className="hint">
              Whether a contact opened its own page by the link in a digest.{" "}
              <DocLink to="portal.md#how-to-close-it">How to close the portal for a contact</DocLink>
            </p>
          )
        }
      />
      <ContactProblems problems={problems} count={health.contactProblems} zone={zone} />
    </Frame>
  );
});
