import type { Month, MonthDay } from "@/data/month";
import { addDays, longDay, monthName, monthStart, weekday, weekStart } from "@/range/days";
import { address, type State } from "@/range/state";
import { hoursUnit } from "@/data/unit";
import { ExportLinks } from "@/table/export_links";
import { hoursText } from "@/table/figures";
import { AppLink } from "./app_link";
import { RoundingHint } from "./rounding_hint";

type Properties = {
  month: Month;
  weekStartsOn: number;
  path: string;
  state: State;
  today: string;
  dayPath: (day: string) => string;
  csv: string;
};

const levels = 4;

/** A month by weeks and weekdays. The shade repeats the figure in each cell: from the fewest hours to the most. */
export async function MonthPanel({ month, weekStartsOn, path, state, today, dayPath, csv }: Properties) {
  const unit = await hoursUnit();
  const byDay = new Map(month.days.map((each) => [each.day, each]));
  const worked = month.days.map((each) => each.hours).filter((hours) => hours > 0);
  const [min, max] = [Math.min(...worked), Math.max(...worked)];
  const total = month.days.reduce((sum, each) => sum + each.hours, 0);
  const caption = `${monthName(month.since)}, day by day`;
  const weeks: string[] = [];
  for (let day = weekStart(month.since, weekStartsOn); day < month.until; day = addDays(day, 7)) weeks.push(day);
  const daysOf = (week: string) => Array.from({ length: 7 }, (_, n) => addDays(week, n));
  const to = (day: string) => address(path, state, { month: day.slice(0, 7) });
  const sum = (days: readonly string[]) => days.reduce((all, day) => all + (byDay.get(day)?.hours ?? 0), 0);
  const levelOf = ({ hours }: MonthDay) => {
    if (hours === 0) return 0;
    return max === min ? levels / 2 : 1 + Math.min(levels - 1, Math.floor((levels * (hours - min)) / (max - min)));
  };
  return (
    <section className="panel" aria-labelledby="month-title">
      <div className="panel-head">
        <h2 id="month-title">{caption}</h2>
        <div className="panel-tools">
          <ExportLinks csv={csv} caption={caption} />
        </div>
        <nav className="panel-tools" aria-label="Month shown">
          <AppLink
            className="button quiet"
            href={to(monthStart(addDays(month.since, -1)))}
            aria-label="Earlier month"
            scroll={false}
          >
            ←
          </AppLink>
          {month.until <= today && (
            <AppLink className="button quiet" href={to(month.until)} aria-label="Later month" scroll={false}>
              →
            </AppLink>
          )}
        </nav>
      </div>
      <table className="month" data-table="month">
        <caption className="visually-hidden">Hours on each day of {monthName(month.since)}</caption>
        <thead>
          <tr>
            {daysOf(weeks[0] ?? month.since).map((day) => (
              <th key={day} scope="col">
                {weekday(day)}
              </th>
            ))}
            <th scope="col">Total</th>
          </tr>
        </thead>
        <tbody>
          {weeks.map((week) => (
            <tr key={week}>
              {daysOf(week).map((day) => {
                const cell = byDay.get(day);
                return cell ? (
                  <td key={day} className={`level-${levelOf(cell)}`} data-day={day}>
                    <AppLink href={dayPath(day)}>
                      <span className="visually-hidden">{longDay(day)}: </span>
                      <span className="date" aria-hidden="true">
                        {Number(day.slice(8))}
                      </span>
                      <span data-hours>{cell.hours === 0 ? "–" : hoursText(cell.hours, unit)}</span>
                    </AppLink>
                  </td>
                ) : (
                  <td key={day} />
                );
              })}
              <td className="sum">{hoursText(sum(daysOf(week)), unit)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="hint">
        <span data-figure="month">{hoursText(total, unit)}</span> hours in all. A day is darker the more hours it has,
        and leads to its details.
      </p>
      <RoundingHint unit={unit} />
    </section>
  );
}
