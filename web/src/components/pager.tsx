import { address, type State } from "@/range/state";
import { To } from "./to";

/** From part to part of a long table; the address holds which. */
export function Pager({ name, path, state, page, hasMore }: { name: string; path: string; state: State; page: number; hasMore: boolean }) {
  return (
    <nav className="pager" aria-label={`Pages of ${name}`}>
      {page > 1 && <To className="button quiet" href={address(path, state, { page: page > 2 ? String(page - 1) : null })} rel="prev">Back</To>}
      {hasMore && <To className="button" href={address(path, state, { page: String(page + 1) })} rel="next">Next page</To>}
    </nav>
  );
}
