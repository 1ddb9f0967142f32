// What is wrong with a page for those who read it in another way.
import { AxeBuilder } from "@axe-core/playwright";

/**
 * What axe finds, a line each. All rules, on the page's own frame: a second page for the result, and nodes without
 * fault, only cost time.
 */
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

/** Of these widths of a window, those at which the page is wider; it ends as wide as it began. */
export async function tooWideAt(page, widths) {
  const { width: own, height } = page.viewportSize();
  const found = [];
  for (const width of [...widths, own]) {
    await page.setViewportSize({ width, height });
    if (await page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth))
      found.push(width);
  }
  return found;
}
