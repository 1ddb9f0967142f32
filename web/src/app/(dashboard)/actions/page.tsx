import type { Metadata } from "next";
import { ActionLink, ActionLinks } from "@/components/action_link";
import { AppLink } from "@/components/app_link";
import { Frame } from "@/components/frame";
import { Pager } from "@/components/pager";
import type { Search } from "@/components/parameters";
import { getCalendar } from "@/data/calendar";
import { pageOf } from "@/data/paging";
import { read } from "@/data/read";
import { getStaffActions } from "@/data/staff_log";
import { withErrorPage } from "@/http/failures";
import { stateOf } from "@/range/state";
import { DataTable } from "@/table/data_table";
import { changeColumns } from "./columns";

export const metadata: Metadata = { title: "Changes" };

const size = 50;

export default withErrorPage(async function Changes({ searchParams }: { searchParams: Search }) {
  const state = stateOf(await searchParams);
  const page = pageOf(state);
  const { rows, zone } = await read(async (sql) => ({
    rows: await getStaffActions(sql, page, size),
    zone: (await getCalendar(sql)).timeZone,
  }));
  return (
    <Frame
      section="/actions"
      title="Changes"
      path="/actions"
      state={state}
      subtitle="What staff changed from the dashboard, the newest first."
    >
      <ActionLinks>
        <AppLink className="button quiet" href="/actions/corrections">
          Corrections
        </AppLink>
        <ActionLink action="update_settings">Settings</ActionLink>
        <ActionLink action="assign_client_group">Move an agent</ActionLink>
        <ActionLink action="set_working_time">Working zone or cut-off</ActionLink>
        <ActionLink action="set_client_group">Client&apos;s zone and week</ActionLink>
        <ActionLink action="resend_digest">Send a digest again</ActionLink>
        <ActionLink action="send_preview">Preview a digest</ActionLink>
        <ActionLink action="view_portal">Show what a contact sees</ActionLink>
        <ActionLink action="revoke_portal_links">Revoke links to the portal</ActionLink>
        <ActionLink action="resubscribe">Subscribe a contact again</ActionLink>
        <ActionLink action="erase_agent">Erase an agent&apos;s personal data</ActionLink>
        <ActionLink action="erase_contact">Erase a contact&apos;s address</ActionLink>
      </ActionLinks>
      <DataTable
        id="changes"
        caption="Who did what"
        columns={changeColumns(zone)}
        rows={rows.slice(0, size)}
        rowKey={(a) => a.id}
        path="/actions"
        state={state}
        order={null}
        csv="/actions/csv"
        empty={page > 1 ? "No more changes." : "Nothing was changed from the dashboard yet."}
      />
      <Pager name="changes" path="/actions" state={state} page={page} hasMore={rows.length > size} />
    </Frame>
  );
});
