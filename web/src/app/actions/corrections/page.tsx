import type { Metadata } from "next";
import { currentOperator } from "@/auth/operator";
import { ActionLink, ActionLinks } from "@/components/action_link";
import { Frame } from "@/components/frame";
import { Pager } from "@/components/pager";
import type { Search } from "@/components/parameters";
import { getCalendar } from "@/data/calendar";
import { pageOf } from "@/data/paging";
import { read } from "@/data/read";
import { type Correction, getCorrections } from "@/data/staff_log";
import { withErrorPage } from "@/http/failures";
import { timeText } from "@/range/days";
import { stateOf } from "@/range/state";
import type { Column } from "@/table/columns";
import { DataTable } from "@/table/data_table";

export const metadata: Metadata = { title: "Corrections" };

const size = 50;

function columnsIn(zone: string, mayChange: boolean): Column<Correction>[] {
  const columns: Column<Correction>[] = [
    { key: "id", label: "Number", value: (c) => String(c.id), isName: true },
    { key: "what", label: "What", value: (c) => c.what },
    { key: "actor", label: "Who", value: (c) => c.actor ?? "the owner of the database" },
    { key: "createdAt", label: `Made (${zone})`, value: (c) => c.createdAt, show: (c) => timeText(c.createdAt) },
    {
      key: "state",
      label: "State",
      value: (c) => (c.revokedAt ? `taken back ${timeText(c.revokedAt)}` : "counts"),
    },
  ];
  if (mayChange)
    columns.push({
      key: "revoke",
      label: "Change",
      value: (c) => (c.revokedAt ? "" : "Take back"),
      show: (c) =>
        c.revokedAt ? "" : { text: "Take back", href: `/actions/revoke_correction?correction=${c.id}&step=confirm` },
    });
  return columns.map((column) => ({ ...column, sortable: false }));
}

export default withErrorPage(async function Corrections({ searchParams }: { searchParams: Search }) {
  const state = stateOf(await searchParams);
  const page = pageOf(state);
  const { rows, zone } = await read(async (sql) => ({
    rows: await getCorrections(sql, page, size),
    zone: (await getCalendar(sql)).timeZone,
  }));
  const mayChange = (await currentOperator()) !== null;
  return (
    <Frame
      section="/actions"
      title="Corrections"
      path="/actions/corrections"
      state={state}
      trail={{ path: "/actions", name: "Changes" }}
      subtitle="Of what Jibble shows: for which client an agent works, working zones and day cut-offs."
    >
      <ActionLinks>
        <ActionLink action="assign_client_group">Move an agent</ActionLink>
        <ActionLink action="set_working_time">Working zone or cut-off</ActionLink>
      </ActionLinks>
      <DataTable
        id="corrections"
        caption="Corrections"
        columns={columnsIn(zone, mayChange)}
        rows={rows.slice(0, size)}
        rowKey={(c) => c.id}
        path="/actions/corrections"
        state={state}
        order={null}
        empty={page > 1 ? "No more corrections." : "No correction was made yet."}
      />
      <Pager name="corrections" path="/actions/corrections" state={state} page={page} hasMore={rows.length > size} />
    </Frame>
  );
});
