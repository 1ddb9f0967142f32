import { getCalendarAndRange } from "@/data/calendar";
import { getContactProblems, getDigestHealth, type Waiting, getWaitingDigests } from "@/data/digest_health";
import { getDeliveries, getDeliveriesToResolve, type Delivery, getDeliverySums } from "@/data/digests";
import { pageOf } from "@/data/paging";
import { getPortalOpenings } from "@/data/portal_openings";
import { getPreviews } from "@/data/previews";
import { read } from "@/data/read";
import { stateName, whatHappened } from "@/components/delivery_words";
import { spanText, timeText } from "@/range/days";
import type { State } from "@/range/state";
import { hundredth } from "@/range/hours_unit";
import { arrange, orderOf } from "@/table/arrange";
import type { Column } from "@/table/columns";
import { portalColumns } from "./portal_columns";

const pageSize = 50;
export const previewsShown = 50;

/** The columns; times are in the zone that is named. */
export const deliveryColumns = (zone: string): Column<Delivery>[] => [
  {
    key: "queuedAt",
    label: `Queued (${zone})`,
    value: (d) => d.queuedAt,
    moment: "minute",
    isName: true,
    show: (d) => ({ href: `/digests/${d.id}`, text: timeText(d.queuedAt) }),
  },
  { key: "email", label: "To", value: (d) => d.email },
  {
    key: "title",
    label: "Clients",
    value: (d) => d.title,
    show: (d) => ({ after: d.revision > 1 ? { className: "detail", text: ` · revision ${d.revision}` } : undefined }),
  },
  {
    key: "week",
    label: "Week",
    value: (d) => d.week,
    moment: "day",
    show: (d) => d.period.replaceAll(/(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun) /g, ""),
  },
  { key: "hours", label: "Hours", value: (d) => d.hours, kind: "hours", unit: hundredth, total: true },
  { key: "state", label: "State", value: (d) => stateName(d.state), show: (d) => ({ tag: d.state }) },
  { key: "happened", label: "What happened", value: (d) => whatHappened(d, zone), sortable: false },
];

export const exportedColumns = (zone: string): Column<Delivery>[] => [
  ...deliveryColumns(zone).map((column) =>
    column.key === "week" ? { ...column, value: (d: Delivery) => d.period, moment: undefined } : column,
  ),
  { key: "revision", label: "Revision", value: (d) => d.revision, kind: "count" },
  { key: "attempts", label: "Attempts", value: (d) => d.attempts, kind: "count" },
  { key: "sentAt", label: `Sent (${zone})`, value: (d) => d.sentAt, moment: "minute" },
  { key: "provider", label: "Provider", value: (d) => d.provider },
  { key: "providerMessageId", label: "Provider's id", value: (d) => d.providerMessageId },
  { key: "id", label: "Delivery", value: (d) => d.id, kind: "count" },
];

export const waitingColumns = (zone: string): Column<Waiting>[] => [
  { key: "email", label: "To", value: (w) => w.email, isName: true },
  { key: "days", label: "Days", value: (w) => w.firstDay, moment: "day", show: (w) => spanText(w.firstDay, w.lastDay) },
  { key: "due", label: `Due (${zone})`, value: (w) => w.dueAt, moment: "minute", show: (w) => timeText(w.dueAt) },
  {
    key: "because",
    label: "Why it waits",
    value: (w) => w.because ?? "it is due; the next pass of timesheetd queues it",
  },
];

/** The columns of the export: a spreadsheet has no spans of days. */
export const exportedWaitingColumns = (zone: string): Column<Waiting>[] =>
  waitingColumns(zone).flatMap((column) =>
    column.key === "days"
      ? [
          { ...column, label: "First day" },
          { ...column, label: "Last day", value: (w: Waiting) => w.lastDay },
        ]
      : [column],
  );

export const orderIn = (state: State) => orderOf(deliveryColumns(""), state, "sort", "-queuedAt");

/** Of the contacts' openings. */
export const portalOrderIn = (state: State) => orderOf(portalColumns(""), state, "portal", "email");

export async function loadDigests(state: State) {
  const order = orderIn(state);
  const page = pageOf(state);
  const loaded = await read(async (sql) => {
    const { calendar, range } = await getCalendarAndRange(sql, state);
    const [found, sums, toResolve, health, waiting, problems, previews, portal] = await Promise.all([
      getDeliveries(sql, range, state, { order, page, size: pageSize }),
      getDeliverySums(sql, range, state),
      getDeliveriesToResolve(sql),
      getDigestHealth(sql),
      getWaitingDigests(sql),
      getContactProblems(sql),
      getPreviews(sql, state.q, previewsShown),
      getPortalOpenings(sql),
    ]);
    return {
      calendar,
      range,
      rows: found.slice(0, pageSize),
      hasMore: found.length > pageSize,
      sums,
      toResolve,
      health,
      waiting,
      problems,
      previews: previews.slice(0, previewsShown),
      hasMorePreviews: previews.length > previewsShown,
      portal,
    };
  });
  const portalOrder = portalOrderIn(state);
  const waitingOrder = orderOf(waitingColumns(""), state, "waiting", "due");
  return {
    ...loaded,
    order,
    page,
    portalOrder,
    portal: arrange(loaded.portal, portalColumns(loaded.calendar.timeZone), state.q, portalOrder),
    waitingOrder,
    waiting: arrange(loaded.waiting, waitingColumns(loaded.calendar.timeZone), state.q, waitingOrder),
  };
}
