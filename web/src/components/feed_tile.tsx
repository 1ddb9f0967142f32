import type { Feed } from "@/data/feed";
import { ageText } from "@/table/figures";
import { AppLink } from "./app_link";
import { Tile } from "./tile";

/** Whether the hours shown are those of Jibble. */
export function FeedTile({ feed }: { feed: Feed | null }) {
  const isFresh = feed?.isStale === false;
  return (
    <Tile
      name="Data from Jibble"
      value={
        <span className={isFresh ? "good" : "bad"}>
          {feed?.ageSeconds == null ? "Not up to date yet" : isFresh ? "Up to date" : "Out of date"}
        </span>
      }
    >
      {feed?.ageSeconds == null ? "" : `read ${ageText(feed.ageSeconds)} ago`} <AppLink href="/health">Health</AppLink>
    </Tile>
  );
}
