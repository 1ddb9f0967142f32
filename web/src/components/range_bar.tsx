import Form from "next/form";
import { after, before, type Calendar, inState, lastDay, presets, type Range, rangeText } from "@/range/range";
import { address, type State } from "@/range/state";
import { To } from "./to";

type Properties = { path: string; state: State; range: Range; calendar: Calendar; search?: string };

/** Days and search; where a page is of a keyset page, a change begins anew. */
export function RangeBar({ path, state, range, calendar, search }: Properties) {
  const days = (to: Range) => address(path, state, { ...inState(to), after: null, page: null });
  const kept = Object.entries(state).filter(([name]) => !["from", "to", "q", "after", "page"].includes(name));
  return (
    <div className="range">
      <div className="range-row">
        <nav className="steps" aria-label="Days shown">
          <To className="button quiet" href={days(before(range))} aria-label="Earlier days" scroll={false}>←</To>
          <strong data-range={`${range.since} ${lastDay(range)}`}>{rangeText(range)}</strong>
          <To className="button quiet" href={days(after(range))} aria-label="Later days" scroll={false}>→</To>
        </nav>
        <ul className="presets" aria-label="Presets">
          {presets(calendar).map((preset) => {
            const isCurrent = preset.range.since === range.since && preset.range.until === range.until;
            return (
              <li key={preset.name}>
                <To href={days(preset.range)} aria-current={isCurrent ? "true" : undefined} scroll={false}>{preset.name}</To>
              </li>
            );
          })}
        </ul>
      </div>
      {/* The key has the fields follow the address when a preset changes it. */}
      <Form key={JSON.stringify([range.since, range.until, state.q])} className="range-row fields" action={path} prefetch={false} scroll={false} role="search">
        {kept.map(([name, value]) => <input key={name} type="hidden" name={name} value={value} />)}
        <label>From <input type="date" name="from" defaultValue={range.since} required /></label>
        <label>to <input type="date" name="to" defaultValue={lastDay(range)} required /></label>
        {search && <label className="search"><span className="unseen">{search}</span><input type="search" name="q" defaultValue={state.q ?? ""} placeholder={search} maxLength={200} /></label>}
        <button className="button" type="submit">Show</button>
        {state.q && <To className="button quiet" href={address(path, state, { q: null, after: null, page: null })} scroll={false}>Clear search</To>}
      </Form>
      {range.wasShortened && <p className="hint" role="status">At most 366 days are shown at once: the last ones of those asked for.</p>}
    </div>
  );
}
