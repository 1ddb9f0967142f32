import { address, type State } from "@/range/state";
import { AppLink } from "./app_link";

/** The pages of a long table; the address holds the current one. */
export function Pager({
  name,
  path,
  state,
  page,
  hasMore,
}: {
  name: string;
  path: string;
  state: State;
  page: number;
  hasMore: boolean;
}) {
  return (
    <nav className="pager" aria-label={`Pages of ${name}`}>
      {page > 1 && (
        <AppLink
          className="button quiet"
          href={address(path, state, { page: page > 2 ? String(page - 1) : null })}
          rel="prev"
          aria-keyshortcuts="k"
        >
          Previous page
        </AppLink>
      )}
      {hasMore && (
        <AppLink
          className="button"
          href={address(path, state, { page: String(page + 1) })}
          rel="next"
          aria-keyshortcuts="j"
        >
          Next page
        </AppLink>
      )}
    </nav>
  );
}
