import Form from "next/form";
import {
  after,
  before,
  type Calendar,
  inState,
  lastDay,
  presets,
  type Range,
  rangeChanges,
  rangeText,
} from "@/range/range";
import { address, type State } from "@/range/state";
import { AppLink } from "./app_link";

type Properties = { path: string; state: State; range: Range; calendar: Calendar; search?: string };

/** Days and search; a change leads back to the first page of a table. */
export function RangeBar({ path, state, range, calendar, search }: Properties) {
  const days = (to: Range) => address(path, state, { ...inState(to), after: null, page: null });
  const kept = Object.entries(state).filter(([name]) => !["from", "to", "q", "after", "page"].includes(name));
  return (
    <div className="range">
      <div className="range-row">
        <nav className="steps" aria-label="Days shown">
          <AppLink
            className="button quiet"
            href={days(before(range))}
            aria-label="Earlier days"
            aria-keyshortcuts="p"
            scroll={false}
          >
            ←
          </AppLink>
          <strong data-range={`${range.since} ${lastDay(range)}`}>{rangeText(range)}</strong>
          <AppLink
            className="button quiet"
            href={days(after(range))}
            aria-label="Later days"
            aria-keyshortcuts="n"
            scroll={false}
          >
            →
          </AppLink>
        </nav>
        <ul className="presets" aria-label="Common periods">
          {presets(calendar).map((preset) => {
            const isCurrent = preset.range.since === range.since && preset.range.until === range.until;
            return (
              <li key={preset.name}>
                <AppLink href={days(preset.range)} aria-current={isCurrent ? "true" : undefined} scroll={false}>
                  {preset.name}
                </AppLink>
              </li>
            );
          })}
        </ul>
      </div>
      {/* The key makes the fields follow the address when a preset changes it. */}
      <Form
        key={JSON.stringify([range.since, range.until, state.q])}
        className="range-row fields"
        action={path}
        prefetch={false}
        scroll={false}
        role="search"
        aria-label="Days and search on this page"
      >
        {kept.map(([name, value]) => (
          <input key={name} type="hidden" name={name} value={value} />
        ))}
        <label>
          From <input type="date" name="from" defaultValue={range.since} required />
        </label>
        <label>
          to <input type="date" name="to" defaultValue={lastDay(range)} required />
        </label>
        {search && (
          <label className="search">
            <span className="visually-hidden">{search}</span>
            <input type="search" name="q" defaultValue={state.q ?? ""} placeholder={search} maxLength={200} />
          </label>
        )}
        <button className="button" type="submit">
          Show
        </button>
        {state.q && (
          <AppLink
            className="button quiet"
            href={address(path, state, { q: null, after: null, page: null })}
            scroll={false}
          >
            Clear search
          </AppLink>
        )}
      </Form>
      {rangeChanges(range).map((change) => (
        <p key={change} className="hint" role="status">
          {change}
        </p>
      ))}
    </div>
  );
}
