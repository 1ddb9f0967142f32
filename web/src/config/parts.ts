// Which parts this deployment serves (WEB_PARTS). Their variables differ, so each can be a deployment of its own that
// holds no other's secrets.
const allParts = ["dashboard", "portal", "jobs"] as const;

export type Part = (typeof allParts)[number];

/** All parts, unless some are named. */
export function partsOf(text: string | undefined): ReadonlySet<Part> {
  if (!text?.trim()) return new Set(allParts);
  const names = text.split(",").map((name) => name.trim());
  const isPart = (name: string): name is Part => (allParts as readonly string[]).includes(name);
  const parts = names.filter(isPart);
  const unknown = names.find((name) => !isPart(name));
  if (unknown !== undefined)
    throw new Error(`WEB_PARTS has "${unknown}", which is no part; give some of ${allParts.join(",")}`);
  return new Set(parts);
}

export function serves(part: Part): boolean {
  return partsOf(process.env.WEB_PARTS).has(part);
}
