import type { Metadata } from "next";
import { ColumnsChart, type Series } from "@/chart/columns_chart";
import { seriesCount } from "@/chart/patterns";
import type { AgentRow } from "@/data/client";
import { ActionLink, ActionLinks } from "@/components/action_link";
import { Frame } from "@/components/frame";
import { MonthPanel } from "@/components/month_panel";
import { NoteList } from "@/components/note_list";
import type { Search } from "@/components/parameters";
import { RuleLink } from "@/components/rule_link";
import { Tile, Tiles } from "@/components/tile";
import { WeeksPanel } from "@/components/weeks_panel";
import { hoursUnit } from "@/data/unit";
import { withErrorPage } from "@/http/failures";
import { inState, rangeText, weekdayNames } from "@/range/range";
import type { Unit } from "@/range/hours_unit";
import { address, stateOf } from "@/range/state";
import { DataTable } from "@/table/data_table";
import { countText, hoursOf, hoursText, inHours } from "@/table/figures";
import { loadClient } from "./load";

export const metadata: Metadata = { title: "Client" };

/** The agents with the most hours, and all others as one: more could not be distinguished. */
function seriesOf(rows: readonly AgentRow[], unit: Unit): Series[] {
  const sorted = [...rows].sort((a, b) => b.hours - a.hours);
  const own = sorted.length <= seriesCount ? sorted : sorted.slice(0, seriesCount - 1);
  const others = sorted.slice(own.length);
  const series = own.map((row) => ({ name: row.name, values: row.cells.map((cell) => hoursOf(cell, unit)) }));
  if (others.length > 0)
    series.push({
      name: `${others.length} others`,
      values: (others[0]?.cells ?? []).map((_, n) =>
        hoursOf(
          others.reduce((sum, row) => sum + (row.cells[n] ?? 0), 0),
          unit,
        ),
      ),
    });
  return series;
}

export default withErrorPage(async function ClientPage({
  params,
  searchParams,
}: {
  params: Promise<{ key: string }>;
  searchParams: Search;
}) {
  const { key } = await params;
  const state = stateOf(await searchParams);
  const page = await loadClient(key, state);
  const { client, calendar, range, agents, notes, noted, unconfirmedText } = page;
  const unit = await hoursUnit();
  const path = `/clients/${client.key}`;
  const sum = (value: (row: AgentRow) => number) => agents.rows.reduce((total, row) => total + value(row), 0);
  const csv = (table: string) => address(`${path}/csv`, { ...state, ...inState(range), table });
  return (
    <Frame
      section="/clients"
      title={client.name}
      path={path}
      state={state}
      range={{ range, calendar }}
      search="Search agents"
      trail={{ path: "/clients", name: "Clients" }}
      subtitle={
        `${client.code ? `${client.code} · ` : ""}reports in ${client.timeZone} · ` +
        `weeks begin on ${weekdayNames[client.weekStartsOn] ?? ""}`
      }
    >
      <title>{`${client.name} · Timesheet`}</title>
      {client.key !== 0 && (
        <ActionLinks>
          <ActionLink action="set_client_group" values={{ client: String(client.key) }}>
            Time zone and week
          </ActionLink>
          <ActionLink action="set_working_time" values={{ client: String(client.key) }}>
            Working zone or cut-off
          </ActionLink>
        </ActionLinks>
      )}
      <Tiles>
        <Tile
          name="Hours"
          id="hours"
          value={hoursText(
            sum((a) => a.hours),
            unit,
          )}
        />
        <Tile
          name="Unconfirmed"
          id="unconfirmed"
          value={hoursText(
            sum((a) => a.unconfirmed),
            unit,
          )}
        >
          {unconfirmedText} · <RuleLink rule="R10" />
        </Tile>
        <Tile
          name="Breaks"
          id="breaks"
          value={hoursText(
            sum((a) => a.breaks),
            unit,
          )}
        />
        <Tile name="Agents" id="agents" value={countText(agents.rows.filter((a) => a.isAtWork).length)} />
        <Tile name="Notes" id="notes" value={countText(noted)} />
      </Tiles>
      {agents.rows.length > 0 && (
        <section className="panel" aria-labelledby="by-day">
          <div className="panel-head">
            <h2 id="by-day">Hours by {agents.unit} and agent</h2>
          </div>
          <ColumnsChart
            summary={
              `Hours by ${agents.unit} and agent, ${rangeText(range)}: ${hoursText(
                sum((a) => a.hours),
                unit,
              )} in all. ` + "The table below has each figure."
            }
            labels={agents.slots.map((slot) => ({ short: slot.label, long: slot.longLabel }))}
            layout="stacked"
            series={seriesOf(agents.rows, unit)}
            text={(value) => inHours(value, unit)}
          />
        </section>
      )}
      <div className="two-columns halves">
        <WeeksPanel {...page.weeks} weekStartsOn={calendar.weekStartsOn} of={client.name} csv={csv("weeks")} />
        <MonthPanel
          month={page.month}
          weekStartsOn={calendar.weekStartsOn}
          path={path}
          state={state}
          today={calendar.today}
          dayPath={(day) => `${path}?from=${day}&to=${day}`}
          csv={csv("month")}
        />
      </div>
      <DataTable
        id="agents"
        caption={`Hours per agent per ${agents.unit}`}
        columns={page.agentColumns}
        rows={page.agentRows}
        rowKey={(a) => a.agentId}
        path={path}
        state={state}
        order={page.agentOrder}
        csv={csv("agents")}
        empty={
          state.q
            ? `No agent called “${state.q}” worked for ${client.name}.`
            : `No agent worked for ${client.name} in ${rangeText(range)}.`
        }
      />
      <div className="two-columns">
        <DataTable
          id="activities"
          caption="Hours by activity"
          columns={page.activityShown}
          rows={page.activityRows}
          rowKey={(a) => a.key}
          path={path}
          state={state}
          order={page.activityOrder}
          sortParameter="activities"
          csv={csv("activities")}
          empty={`No activity in ${rangeText(range)}.`}
        />
        <section className="panel" aria-labelledby="notes">
          <div className="panel-head">
            <h2 id="notes">Needs attention</h2>
          </div>
          <NoteList notes={notes} isAgentNamed />
          {noted > notes.length && (
            <p className="hint">
              The newest {notes.length} of {countText(noted)}.
            </p>
          )}
        </section>
      </div>
    </Frame>
  );
});
