import { getCalendar } from "@/data/calendar";
import { getDigestHealth } from "@/data/digest_health";
import { getAlerts, getFeedHealth, getSilentAgents } from "@/data/feed";
import { getNoteCounts } from "@/data/notes";
import { read } from "@/data/read";
import { getToday } from "@/data/today";
import { getLongSession, getNoClockOuts, getWorkingNow } from "@/data/working_now";
import { thisWeek } from "@/range/range";

export async function loadStart() {
  return read(async (sql) => {
    const calendar = await getCalendar(sql);
    const week = thisWeek(calendar);
    const [today, working, noClockOut, longSession, feed, alerts, digests, silent, counts] = await Promise.all([
      getToday(sql, calendar),
      getWorkingNow(sql),
      getNoClockOuts(sql),
      getLongSession(sql),
      getFeedHealth(sql),
      getAlerts(sql, 8),
      getDigestHealth(sql),
      getSilentAgents(sql),
      getNoteCounts(sql, week),
    ]);
    return {
      calendar,
      week,
      today,
      working,
      overdue: working.filter((each) => each.isOverdue),
      noClockOut,
      longSession,
      feed,
      alerts: alerts.filter((alert) => !alert.resolvedAt),
      digests,
      silent,
      counts,
    };
  });
}

export type Start = Awaited<ReturnType<typeof loadStart>>;
