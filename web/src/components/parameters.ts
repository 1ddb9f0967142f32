// What Next.js hands to a page.
export type Search = Promise<Record<string, string | string[] | undefined>>;
