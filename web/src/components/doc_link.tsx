import type { ReactNode } from "react";
import { configuration } from "@/config/configuration";

/** A page of docs/ and a heading of it, by the anchor that a repository's page gives it. */
export type DocPlace = `${"alerts" | "rules" | "operations" | "digests" | "portal"}.md#${string}`;

/** Words that lead to a place in the documentation; plain words where none is configured. */
export function DocLink({ to, children }: { to: DocPlace; children: ReactNode }) {
  const { docsUrl } = configuration();
  return docsUrl === null ? <>{children}</> : <a href={`${docsUrl}/${to}`}>{children}</a>;
}
