import { cookies, headers } from "next/headers";
import { hundredth, type Unit, unitCookie, unitOf } from "@/range/hours_unit";
import { stateOf } from "@/range/state";

/** The path that was asked for, as proxy.ts passes it on. */
export async function requestedUrl(): Promise<URL> {
  return new URL(`http://dashboard.invalid${(await headers()).get("x-timesheet-path") ?? "/"}`);
}

export function isExport(url: URL): boolean {
  return /\/(?:csv|xlsx)$/.test(url.pathname);
}

/** The unit of this request's hours. Exports always have decimals: a spreadsheet takes 7:30 for a time of day. */
export async function hoursUnit(): Promise<Unit> {
  const url = await requestedUrl();
  if (isExport(url)) return hundredth;
  const kept = (await cookies()).get(unitCookie)?.value;
  return unitOf(stateOf(url.searchParams).hours) ?? unitOf(kept) ?? hundredth;
}
