import Form from "next/form";
import type { State } from "@/range/state";

/** The search for clients, agents and activities, on every page; the days that are shown stay chosen. */
export function FindBox({ search, days }: { search: string; days: State }) {
  const label = "Find a client, agent or activity";
  return (
    <Form key={search} className="find" action="/search" prefetch={false} role="search" aria-label={label}>
      {Object.entries(days).map(([name, value]) => (
        <input key={name} type="hidden" name={name} value={value} />
      ))}
      <input
        type="search"
        name="q"
        defaultValue={search}
        aria-label={label}
        aria-keyshortcuts="/"
        placeholder="Client, agent or activity"
        maxLength={200}
        required
      />
      <button className="button quiet" type="submit">
        Find
      </button>
    </Form>
  );
}
