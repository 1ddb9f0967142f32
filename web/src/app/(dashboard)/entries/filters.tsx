import escapeHtml from "escape-html";
import Form from "next/form";
import { type Choice, entryTypes } from "@/data/entries";
import { entryTypeName } from "@/components/codes";
import { inState, type Range } from "@/range/range";
import type { State } from "@/range/state";

type Properties = { state: State; range: Range; agents: Choice[]; clients: Choice[]; activities: Choice[] };

/** Written as HTML, as table rows are (table/body.ts): there are as many options as activities. */
function optionsOf(options: { value: string; name: string }[], chosen: string): { __html: string } {
  return {
    __html: options
      .map(
        (option) =>
          `<option value="${escapeHtml(option.value)}"${option.value === chosen ? " selected" : ""}>` +
          `${escapeHtml(option.name)}</option>`,
      )
      .join(""),
  };
}

function Select({
  name,
  label,
  any,
  state,
  options,
}: {
  name: string;
  label: string;
  any: string;
  state: State;
  options: { value: string; name: string }[];
}) {
  return (
    <label>
      {label}{" "}
      <select
        name={name}
        dangerouslySetInnerHTML={optionsOf([{ value: "", name: any }, ...options], state[name] ?? "")}
      />
    </label>
  );
}

const byKey = (choices: Choice[]) => choices.map((choice) => ({ value: String(choice.key), name: choice.name }));

export function EntryFilters({ state, range, agents, clients, activities }: Properties) {
  const kept = { ...inState(range), q: state.q, sort: state.sort };
  return (
    <Form
      key={JSON.stringify(state)}
      className="filters"
      action="/entries"
      prefetch={false}
      scroll={false}
      aria-label="Filters"
    >
      {Object.entries(kept).map(
        ([name, value]) => value && <input key={name} type="hidden" name={name} value={value} />,
      )}
      <Select name="agent" label="Agent" any="All agents" state={state} options={byKey(agents)} />
      <Select name="client" label="Client" any="All clients" state={state} options={byKey(clients)} />
      <Select name="activity" label="Activity" any="All activities" state={state} options={byKey(activities)} />
      <Select
        name="type"
        label="Type"
        any="All types"
        state={state}
        options={[
          ...entryTypes.map((type) => ({ value: type, name: entryTypeName(type) })),
          { value: "other", name: "Other" },
        ]}
      />
      <Select
        name="deleted"
        label="Deleted"
        any="Include"
        state={state}
        options={[
          { value: "without", name: "Exclude" },
          { value: "only", name: "Only deleted" },
        ]}
      />
      <button className="button" type="submit">
        Filter
      </button>
    </Form>
  );
}
