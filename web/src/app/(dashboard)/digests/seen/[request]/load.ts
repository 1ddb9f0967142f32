import { notFound } from "next/navigation";
import { requirePerson } from "@/auth/current_person";
import { currentOperator } from "@/auth/operator";
import { getCalendarAndRange } from "@/data/calendar";
import type { Sql } from "@/data/database";
import { read } from "@/data/read";
import {
  getLook,
  getSeenDays,
  getSeenDigestHtml,
  getSeenDigests,
  getSeenNotes,
  getSeenTimes,
  getSeenWeeks,
  type Look,
} from "@/data/seen_portal";
import { addDays, weekStart } from "@/range/days";
import { type Calendar, lastDay, type Range } from "@/range/range";
import { idOf, isUuid, type State } from "@/range/state";

/** The portal shows this week and the last twelve; here they end with the week of the last day chosen. */
function weeksShown(range: Range, { weekStartsOn }: Calendar): Range {
  const last = weekStart(lastDay(range), weekStartsOn);
  return { since: addDays(last, -84), until: addDays(last, 7), wasShortened: false };
}

/** The look that was recorded, for the person under whose name it is, so that each person who looks is recorded. */
async function requireLook(sql: Sql, request: string, actor: string | null): Promise<Look> {
  const look = actor !== null && isUuid(request) ? await getLook(sql, request) : null;
  if (!look || look.actor !== actor) notFound();
  return look;
}

/** Whose portal is shown: none once the hour is over, or where a link would show nothing either. */
const contactShown = ({ isOver, contactId, nothingBecause }: Look) => (isOver || nothingBecause ? null : contactId);

/** What the contact sees; null if it is nothing, or not to be shown. */
export async function loadSeen(request: string, state: State) {
  await requirePerson();
  const actor = await currentOperator();
  return read(async (sql) => {
    const look = await requireLook(sql, request, actor);
    const { calendar, range } = await getCalendarAndRange(sql, state);
    const contact = contactShown(look);
    if (contact === null) return { look, calendar, range, seen: null };
    const shown = weeksShown(range, calendar);
    const [weeks, days, times, notes, digests] = await Promise.all([
      getSeenWeeks(sql, contact, shown),
      getSeenDays(sql, contact, range),
      getSeenTimes(sql, contact, range),
      getSeenNotes(sql, contact, range),
      getSeenDigests(sql, contact),
    ]);
    return { look, calendar, range, seen: { shown, weeks, days, times, notes, digests } };
  });
}

export async function loadSeenHtml(request: string, delivery: string | undefined): Promise<string | null> {
  await requirePerson();
  const actor = await currentOperator();
  const id = idOf(delivery);
  return read(async (sql) => {
    const contact = contactShown(await requireLook(sql, request, actor));
    return contact === null || (delivery && id === null) ? null : getSeenDigestHtml(sql, contact, id);
  });
}
