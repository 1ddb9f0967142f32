import Link from "next/link";
import type { ComponentProps } from "react";

/** A link within the dashboard. Nothing is fetched before it is followed: a page is a few queries. */
export function AppLink(properties: ComponentProps<typeof Link>) {
  return <Link prefetch={false} {...properties} />;
}
