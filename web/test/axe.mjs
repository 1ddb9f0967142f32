// What axe finds wrong with a page, a line each.
import { AxeBuilder } from "@axe-core/playwright";

/** All rules, on the page's own frame: a second page for the result, and nodes without fault, only cost time. */
export async function violationsOf(page) {
  const { violations } = await new AxeBuilder({ page })
    .setLegacyMode(true)
    .options({ resultTypes: ["violations"] })
    .analyze();
  return violations.map(
    (each) =>
      `${each.impact} ${each.id} at ${each.nodes
        .slice(0, 3)
        .map((node) => node.target.join(" "))
        .join(", ")}`,
  );
}
