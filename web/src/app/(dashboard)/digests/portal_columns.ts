import type { PortalOpening } from "@/data/portal_openings";
import { timeText } from "@/range/days";
import { address } from "@/range/state";
import type { Column } from "@/table/columns";

function timeColumn(
  key: "lastSentAt" | "validUntil" | "firstOpenedAt" | "lastOpenedAt",
  label: string,
): Column<PortalOpening> {
  return { key, label, value: (p) => p[key], moment: "minute", show: (p) => timeText(p[key]) };
}

/** The columns; times are in the zone that is named. */
export const portalColumns = (zone: string): Column<PortalOpening>[] => [
  { key: "email", label: "Contact", value: (p) => p.email, isName: true },
  { key: "liveLinks", label: "Links that work", value: (p) => p.liveLinks, kind: "count" },
  timeColumn("validUntil", `Until (${zone})`),
  { key: "openings", label: "Times opened", value: (p) => p.openings, kind: "count" },
  timeColumn("firstOpenedAt", `First opened (${zone})`),
  timeColumn("lastOpenedAt", `Last opened (${zone})`),
];

export const exportedPortalColumns = (zone: string): Column<PortalOpening>[] => [
  ...portalColumns(zone),
  { key: "links", label: "Links sent", value: (p) => p.links, kind: "count" },
  timeColumn("lastSentAt", `Last one sent (${zone})`),
];

function actionColumn(
  key: string,
  action: string,
  label: string,
  text: string,
  isOffered: (p: PortalOpening) => boolean = () => true,
): Column<PortalOpening> {
  return {
    key,
    label,
    value: (p) => (isOffered(p) ? text : ""),
    show: (p) =>
      isOffered(p) ? { text, href: address(`/actions/${action}`, { email: p.email, step: "confirm" }) } : "",
    sortable: false,
  };
}

/** Buttons for those who may change something; an export does not have them. */
export const portalActionColumns: readonly Column<PortalOpening>[] = [
  actionColumn("see", "view_portal", "Look", "What it sees"),
  actionColumn("revoke", "revoke_portal_links", "Change", "Revoke links", (p) => p.liveLinks > 0),
];
