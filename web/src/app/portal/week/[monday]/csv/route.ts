import type { NextRequest } from "next/server";
import { redirect } from "next/navigation";
import { portalPath } from "@/config/portal";
import { dayColumns } from "@/portal/day_list";
import { csvFile } from "@/portal/file";
import { withPortalFailure } from "@/portal/failures";
import { correctionColumns, noteColumns } from "@/portal/note_list";
import { visit } from "@/portal/visit";
import { loadWeek, sumFileColumns } from "@/portal/week";

type Context = { params: Promise<{ monday: string }> };

export const GET = withPortalFailure(async (request: NextRequest, { params }: Context) => {
  const address = (await params).monday;
  const { data } = await visit(`week ${address}`, (sql, visit) => loadWeek(sql, visit, address), "export");
  if (data === null) redirect(portalPath);
  const name = (what: string) => `${what} ${data.week}`;
  switch (request.nextUrl.searchParams.get("table")) {
    case "clients":
      return csvFile(name("clients"), sumFileColumns("Client", false), data.groups);
    case "agents":
      return csvFile(name("agents"), sumFileColumns("Agent", data.hasGroups), data.agents);
    case "activities":
      return csvFile(name("activities"), sumFileColumns("Activity", false), data.activities);
    case "notes":
      return csvFile(name("notes"), noteColumns, data.notes);
    case "corrections":
      return csvFile(name("corrections"), correctionColumns, data.corrections);
    default:
      return csvFile(name("days"), dayColumns, data.days);
  }
});
