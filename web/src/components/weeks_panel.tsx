import { LineChart } from "@/chart/line_chart";
import { hoursUnit } from "@/data/unit";
import { type Weeks, weekCount } from "@/data/weeks";
import { addDays, longDay, shortDay, spanText } from "@/range/days";
import { weekdayNames } from "@/range/range";
import { RoundingHint } from "./rounding_hint";
import { ExportLinks } from "@/table/export_links";
import { changeText, hoursOf, hoursText } from "@/table/figures";

type Properties = Weeks & { weekStartsOn: number; of: string; csv: string };

/** The last full weeks of a client or an agent: a line, the weekly mean, and a table of the same figures. */
export async function WeeksPanel({ weeks, mean, weekStartsOn, of, csv }: Properties) {
  const unit = await hoursUnit();
  const total = weeks.reduce((sum, week) => sum + week.hours, 0);
  const caption = `The last ${weekCount} full weeks`;
  return (
    <section className="panel" aria-labelledby="weeks-title">
      <div className="panel-head">
        <h2 id="weeks-title">{caption}</h2>
        <div className="panel-tools">
          <ExportLinks csv={csv} caption={caption} />
        </div>
      </div>
      {mean === null ? (
        <p className="empty">
          No hours of {of} from {longDay(weeks[0]?.since ?? "")} to {longDay(addDays(weeks.at(-1)?.since ?? "", 6))}.
        </p>
      ) : (
        <>
          <LineChart
            summary={
              `Hours in each of the last ${weekCount} full weeks: ${hoursText(total, unit)} in all, ` +
              `mean ${hoursText(mean, unit)}`
            }
            points={weeks.map((week) => ({
              short: shortDay(week.since),
              long: `Week of ${longDay(week.since)}`,
              value: hoursOf(week.hours, unit),
            }))}
            level={{ name: "weekly mean", value: hoursOf(mean, unit) }}
            name="hours a week"
            text={(value) => hoursText(Math.round((value * 3600) / unit), unit)}
          />
          <p className="hint">
            Weeks begin on {weekdayNames[weekStartsOn]}; this week is not over and not among them. The mean is of the
            weeks with hours.
          </p>
          <details className="text-part">
            <summary>Figures of each week</summary>
            <table data-table="weeks">
              <thead>
                <tr>
                  <th scope="col">Week</th>
                  <th scope="col" className="hours">
                    Hours
                  </th>
                  <th scope="col" className="hours">
                    Against the mean
                  </th>
                </tr>
              </thead>
              <tbody>
                {weeks.map((week) => (
                  <tr key={week.since} data-row={week.since}>
                    <th scope="row">{spanText(week.since, addDays(week.since, 6))}</th>
                    <td className="hours" data-column="hours">
                      {hoursText(week.hours, unit)}
                    </td>
                    <td className="hours" data-column="change">
                      {changeText(week.hours - mean, unit)}
                    </td>
                  </tr>
                ))}
              </tbody>
              <tfoot>
                <tr>
                  <th scope="row">Total</th>
                  <td className="hours" data-total="hours">
                    {hoursText(total, unit)}
                  </td>
                  <td />
                </tr>
              </tfoot>
            </table>
            <RoundingHint unit={unit} />
          </details>
        </>
      )}
    </section>
  );
}
