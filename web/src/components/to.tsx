import Link from "next/link";
import type { ComponentProps } from "react";

/** A link within the page. Nothing is fetched before it is followed: a page is a few queries. */
export function To(properties: ComponentProps<typeof Link>) {
  return <Link prefetch={false} {...properties} />;
}
