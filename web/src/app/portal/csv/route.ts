import type { NextRequest } from "next/server";
import { csvFile } from "@/portal/file";
import { withPortalFailure } from "@/portal/failures";
import { correctionColumns } from "@/portal/note_list";
import { loadOverview, nameFileColumns, weekFileColumns } from "@/portal/overview";
import { visit } from "@/portal/visit";

export const GET = withPortalFailure(async (request: NextRequest) => {
  const {
    visit: { groups },
    data,
  } = await visit("overview", loadOverview, "export");
  const name = (what: string) => `${what} ${data.weeks.at(-1)?.first} ${data.weeks[0]?.last}`;
  switch (request.nextUrl.searchParams.get("table")) {
    case "clients":
      return csvFile(name("clients"), nameFileColumns("Client", false), data.groups);
    case "agents":
      return csvFile(name("agents"), nameFileColumns("Agent", groups.length > 1), data.agents);
    case "activities":
      return csvFile(name("activities"), nameFileColumns("Activity", false), data.activities);
    case "corrections":
      return csvFile(name("corrections"), correctionColumns, data.corrections);
    default:
      return csvFile(name("weeks"), weekFileColumns, data.weeks);
  }
});
