// screenshots.mjs FOLDER [PAGE…]: each page at 390 and 1280 px, in light and dark. test/run.sh screenshots runs it.
import { mkdirSync } from "node:fs";
import { startBrowser, startDemo } from "./world.mjs";

const [folder, ...wanted] = process.argv.slice(2);
const days = "from=2026-11-16&to=2026-11-22";
mkdirSync(folder, { recursive: true });
const site = await startDemo();
const browser = await startBrowser();
const finder = await browser.newPage();
const pathOf = async (list, name) => {
  await finder.goto(
    `${site.url}/${list}?${days.replace(/22$/, list === "digests" ? "29" : "22")}&q=${encodeURIComponent(name)}`,
  );
  return finder.locator(`table tbody th a`).first().getAttribute("href");
};
const agent = await pathOf("agents", "Ana Liza");
await finder.goto(site.url + agent);
const day = await finder.locator("table[data-table=days] tbody th a").first().getAttribute("href");
const pages = {
  overview: "/",
  clients: `/clients?${days}&sort=-hours`,
  client: await pathOf("clients", "Café"),
  agents: `/agents?${days}`,
  agent,
  day,
  activities: `/activities?${days}`,
  entries: `/entries?${days}`,
  health: "/health",
  digests: "/digests",
  digest: await pathOf("digests", "redstone"),
};
for (const colorScheme of ["light", "dark"])
  for (const width of [390, 1280]) {
    const context = await browser.newContext({
      colorScheme,
      locale: "en-GB",
      viewport: { width, height: width === 390 ? 844 : 800 },
      reducedMotion: "reduce",
    });
    const page = await context.newPage();
    for (const [name, path] of Object.entries(pages)) {
      if (wanted.length > 0 && !wanted.includes(name)) continue;
      await page.goto(site.url + path, { waitUntil: "networkidle" });
      const height = Math.min(
        await page.evaluate(() => document.documentElement.scrollHeight),
        width === 390 ? 1700 : 1500,
      );
      await page.screenshot({
        path: `${folder}/${name}-${width}-${colorScheme}.png`,
        fullPage: true,
        clip: { x: 0, y: 0, width, height },
      });
    }
    await context.close();
  }
await browser.close();
await site.stop();
