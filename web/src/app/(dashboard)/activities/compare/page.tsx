import Form from "next/form";
import { ColumnsChart } from "@/chart/columns_chart";
import { fillOf } from "@/chart/patterns";
import { Frame } from "@/components/frame";
import type { Search } from "@/components/parameters";
import { hoursUnit } from "@/data/unit";
import { withErrorPage } from "@/http/failures";
import { inState, lastDay, rangeText } from "@/range/range";
import { address, stateOf } from "@/range/state";
import { DataTable } from "@/table/data_table";
import { hoursOf, hoursText, inHours } from "@/table/figures";
import { loadComparison } from "./load";

export const metadata = { title: "Activities compared" };

const path = "/activities/compare";
/** More names than this could not be read below the columns. */
const charted = 8;

const cut = (name: string, most: number) =>
  [...name].length > most ? `${[...name].slice(0, most - 1).join("")}…` : name;

export default withErrorPage(async function Compare({ searchParams }: { searchParams: Search }) {
  const state = stateOf(await searchParams);
  const { calendar, range, other, columns, order, rows, activities } = await loadComparison(state);
  const unit = await hoursUnit();
  const largest = [...activities]
    .sort((a, b) => Math.max(b.hours, b.other) - Math.max(a.hours, a.other))
    .slice(0, charted);
  const periods = { with_from: other.since, with_to: lastDay(other) };
  const kept = Object.entries({ ...state, ...inState(range) }).filter(([name]) => !Object.hasOwn(periods, name));
  return (
    <Frame
      section="/activities"
      title="Activities compared"
      path={path}
      state={state}
      range={{ range, calendar }}
      search="Search activities"
      trail={{ path: "/activities", name: "Activities" }}
    >
      <Form
        key={JSON.stringify([periods, range.since, range.until])}
        className="range-row fields"
        action={path}
        prefetch={false}
        scroll={false}
        aria-label="The other period"
      >
        {kept.map(([name, value]) => (
          <input key={name} type="hidden" name={name} value={value} />
        ))}
        <label>
          Compared with <input type="date" name="with_from" defaultValue={periods.with_from} required />
        </label>
        <label>
          to <input type="date" name="with_to" defaultValue={periods.with_to} required />
        </label>
        <button className="button" type="submit">
          Compare
        </button>
      </Form>
      {other.wasSwapped && (
        <p className="hint" role="status">
          The other days were in the wrong order; compared with are {rangeText(other)}.
        </p>
      )}
      {other.wasShortened && (
        <p className="hint" role="status">
          At most 366 days are compared: the last 366 of those you chose.
        </p>
      )}
      {range.until > calendar.today && (
        <p className="hint">{rangeText(range)} is not over: the hours so far are compared with those of whole days.</p>
      )}
      {largest.length > 0 && (
        <section className="panel" aria-labelledby="largest">
          <div className="panel-head">
            <h2 id="largest">The largest activities in both periods</h2>
          </div>
          <ColumnsChart
            summary={
              `Hours by activity in ${rangeText(range)} and in ${rangeText(other)}: ` +
              largest.map((a) => `${a.name} ${hoursText(a.hours, unit)} and ${hoursText(a.other, unit)}`).join(", ") +
              ". The table below has each figure."
            }
            labels={largest.map((a) => ({ short: cut(a.name, 16), long: a.name, narrow: cut(a.code ?? a.name, 11) }))}
            layout="grouped"
            text={(value) => inHours(value, unit)}
            series={[
              { name: rangeText(other), values: largest.map((a) => hoursOf(a.other, unit)), fill: "url(#hatched)" },
              { name: rangeText(range), values: largest.map((a) => hoursOf(a.hours, unit)), fill: fillOf(0) },
            ]}
          />
        </section>
      )}
      <DataTable
        id="activities"
        caption={`Hours in ${rangeText(range)} and in ${rangeText(other)}`}
        columns={columns}
        rows={rows}
        rowKey={(a) => a.key}
        path={path}
        state={state}
        order={order}
        csv={address(`${path}/csv`, { ...state, ...inState(range), ...periods })}
        empty={state.q ? `No work on an activity called “${state.q}”.` : "No work in either period."}
      />
    </Frame>
  );
});
