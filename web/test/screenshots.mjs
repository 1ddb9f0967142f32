// screenshots.mjs BASE_URL FOLDER [PAGE…]: each page at 390 and 1280 px, in light and dark.
import { mkdirSync } from "node:fs";
import { chromium } from "playwright-core";

const [base, folder, ...wanted] = process.argv.slice(2);
const pages = {
  overview: "/", clients: "/clients", client: "/clients/6", agents: "/agents", agent: "/agents/10", day: "/agents/10/2026-11-20",
  activities: "/activities", entries: "/entries", health: "/health",
};
mkdirSync(folder, { recursive: true });
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"] });
for (const colorScheme of ["light", "dark"])
  for (const width of [390, 1280]) {
    const context = await browser.newContext({ colorScheme, viewport: { width, height: width === 390 ? 844 : 800 }, reducedMotion: "reduce" });
    const page = await context.newPage();
    page.on("console", (message) => message.type() === "error" && console.error(page.url(), message.text()));
    for (const [name, path] of Object.entries(pages)) {
      if (wanted.length > 0 && !wanted.includes(name)) continue;
      await page.goto(base + path, { waitUntil: "networkidle" });
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      if (overflow > 0) console.error(`${name} at ${width} px is ${overflow} px too wide`);
      await page.screenshot({ path: `${folder}/${name}-${width}-${colorScheme}.png`, fullPage: true });
    }
    await context.close();
  }
await browser.close();
