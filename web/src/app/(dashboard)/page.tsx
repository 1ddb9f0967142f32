import type { Search } from "@/components/parameters";
import { withErrorPage } from "@/http/failures";
import { stateOf } from "@/range/state";
import { periodPage } from "./period";
import { startPage } from "./start";

export const metadata = { title: "Overview" };

/** The start page; with days, a search or an order in the address, the overview of a period. */
export default withErrorPage(async function Overview({ searchParams }: { searchParams: Search }) {
  const state = stateOf(await searchParams);
  const isPeriod = [state.from, state.to, state.q, state.sort].some(Boolean);
  return isPeriod ? periodPage(state) : startPage();
});
