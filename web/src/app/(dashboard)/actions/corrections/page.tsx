import type { Metadata } from "next";
import { currentOperator } from "@/auth/operator";
import { ActionLink, ActionLinks } from "@/components/action_link";
import { Frame } from "@/components/frame";
import { Pager } from "@/components/pager";
import type { Search } from "@/components/parameters";
import { getCalendar } from "@/data/calendar";
import { pageOf } from "@/data/paging";
import { read } from "@/data/read";
import { getCorrections } from "@/data/staff_log";
import { withErrorPage } from "@/http/failures";
import { stateOf } from "@/range/state";
import { DataTable } from "@/table/data_table";
import { correctionColumns, takeBackColumn } from "./columns";

export const metadata: Metadata = { title: "Corrections" };

const size = 50;

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
        columns={mayChange ? [...correctionColumns(zone), takeBackColumn] : correctionColumns(zone)}
        rows={rows.slice(0, size)}
        rowKey={(c) => c.id}
        path="/actions/corrections"
        state={state}
        order={null}
        csv="/actions/corrections/csv"
        empty={page > 1 ? "No more corrections." : "No correction was made yet."}
      />
      <Pager name="corrections" path="/actions/corrections" state={state} page={page} hasMore={rows.length > size} />
    </Frame>
  );
});
