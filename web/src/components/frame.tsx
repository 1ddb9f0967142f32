import type { ReactNode } from "react";
import { Patterns } from "@/chart/patterns";
import type { Calendar, Range } from "@/range/range";
import { address, type State } from "@/range/state";
import { requirePerson } from "@/auth/current_person";
import { currentOperator } from "@/auth/operator";
import { FindBox } from "./find_box";
import { HoursSwitch } from "./hours_switch";
import { Keys } from "./keys";
import { Progress } from "./progress";
import { RangeBar } from "./range_bar";
import { rulesUrl } from "./rule_link";
import { AppLink } from "./app_link";

const sections = [
  { path: "/", name: "Overview" },
  { path: "/clients", name: "Clients" },
  { path: "/agents", name: "Agents" },
  { path: "/activities", name: "Activities" },
  { path: "/entries", name: "Entries" },
  { path: "/digests", name: "Digests" },
  { path: "/health", name: "Health" },
] as const;

/** Those whose tables have hours that are rounded for the page. */
const withHours: ReadonlySet<string> = new Set(["/", "/clients", "/agents", "/activities"]);

export type Section = (typeof sections)[number]["path"] | "/actions";

type Properties = {
  /** Null on a page that belongs to none. */
  section: Section | null;
  title: string;
  subtitle?: ReactNode;
  /** The page's own path, for its links and forms. */
  path: string;
  state: State;
  range?: { range: Range; calendar: Calendar };
  /** Whether it has hours that are rounded for the page, where it has no range. */
  hasHours?: boolean;
  /** The label of the search field; without it there is none. */
  search?: string;
  trail?: { path: string; name: string };
  children: ReactNode;
};

export async function Frame(properties: Properties) {
  const { section, title, subtitle, path, state, range, hasHours, search, trail, children } = properties;
  const person = await requirePerson();
  const mayChange = (await currentOperator()) !== null;
  const rules = rulesUrl();
  const days = { ...(state.from && { from: state.from }), ...(state.to && { to: state.to }) };
  return (
    <>
      <a className="skip" href="#content">
        Skip to the content
      </a>
      <Progress />
      <Patterns />
      <header className="top">
        <div className="top-row">
          <AppLink className="brand" href="/">
            <svg viewBox="0 0 20 20" width="20" height="20" aria-hidden="true">
              <rect x="1" y="3" width="18" height="4" rx="1" />
              <rect x="1" y="8.5" width="11" height="4" rx="1" />
              <rect x="1" y="14" width="15" height="4" rx="1" />
            </svg>
            Timesheet
          </AppLink>
          <nav aria-label="Pages">
            <ul>
              {sections.map((each) => (
                <li key={each.path}>
                  <AppLink
                    href={address(each.path, days)}
                    aria-current={each.path === section ? (each.path === path ? "page" : "true") : undefined}
                  >
                    {each.name}
                  </AppLink>
                </li>
              ))}
            </ul>
          </nav>
          <FindBox search={path === "/search" ? (state.q ?? "") : ""} days={days} />
          <div className="person">
            {/* Others get there from Health. */}
            {mayChange && (
              <AppLink href="/actions" aria-current={section === "/actions" ? "true" : undefined}>
                Changes
              </AppLink>
            )}
            {person === "demo" ? (
              <span className="badge">Demo</span>
            ) : (
              <form action="/sign-out" method="post">
                <span className="address">{person.address}</span>
                <button className="button quiet" type="submit">
                  Sign out
                </button>
              </form>
            )}
          </div>
        </div>
      </header>
      <main id="content" tabIndex={-1}>
        <div className="title">
          {trail && (
            <p className="trail">
              <AppLink href={address(trail.path, days)}>{trail.name}</AppLink>
              <span aria-hidden="true"> /</span>
            </p>
          )}
          <h1>{title}</h1>
          {subtitle && <p className="subtitle">{subtitle}</p>}
          {section && (range || hasHours || path === "/") && withHours.has(section) && (
            <HoursSwitch path={path} state={state} />
          )}
        </div>
        {range && <RangeBar path={path} state={state} {...range} search={search} />}
        {children}
      </main>
      <footer className="hint">
        {rules ? <a href={rules}>How hours are counted</a> : "How hours are counted: docs/rules.md of pg_timesheet"}
        <Keys />
      </footer>
    </>
  );
}
