// Quick ways by keys, and everything by keyboard alone.
import assert from "node:assert/strict";
import { test } from "node:test";
import { browser, open, page, site, sql } from "./demo_site.mjs";

const week = "from=2026-11-16&to=2026-11-22";
const findBox = () => page.getByRole("searchbox", { name: "Find a client, agent or activity" });
const ready = () => page.locator("details.keys").waitFor(); // the list is there once the keys are

async function openReady(path) {
  await open(path);
  await ready();
}

test("/ goes to the search and chooses what is in it; Enter finds", async () => {
  for (const path of [`/?${week}`, "/entries", "/health", "/search?q=an"]) {
    await openReady(path);
    await page.keyboard.press("/");
    assert.ok(await findBox().evaluate((box) => box === document.activeElement), path);
    assert.equal(await findBox().inputValue(), path.includes("q=an") ? "an" : "", "the / itself is not typed");
    await page.keyboard.type("altamere");
    assert.equal(await findBox().inputValue(), "altamere");
  }
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/search\?q=altamere/);
  await page.locator("table[data-table=found] tbody tr").first().waitFor();
});

test("n and p are the next and previous days, j and k the next and previous page", async () => {
  await openReady(`/clients?${week}`);
  await page.keyboard.press("n");
  await page.waitForURL(/from=2026-11-23&to=2026-11-29/);
  await page.keyboard.press("p");
  await page.waitForURL(/from=2026-11-16&to=2026-11-22/);
  const [{ agent }] = await sql`
    SELECT s.agent_id AS agent FROM timesheet.sessions('2026-11-17', '2026-11-18') AS s ORDER BY s.started_at LIMIT 1`;
  await openReady(`/agents/${agent}/2026-11-17`);
  await page.keyboard.press("p");
  await page.waitForURL(/2026-11-16$/);
  await page.keyboard.press("n");
  await page.waitForURL(/2026-11-17$/);
  await openReady(`/entries?${week}`);
  await page.keyboard.press("j");
  await page.waitForURL(/after=/);
  await page.keyboard.press("k");
  await page.waitForURL((url) => !url.search.includes("after="));
  await openReady("/search?q=altamere&page=1");
  await page.keyboard.press("j"); // there is no next page, so nothing happens
  await page.waitForTimeout(200);
  assert.match(page.url(), /page=1$/);
});

test("keys are text while somebody types, and nothing with Ctrl, Alt or a repeated key", async () => {
  await openReady(`/entries?${week}`);
  const url = page.url();
  for (const field of [findBox(), page.getByRole("searchbox", { name: "Search names" })]) {
    await field.fill("");
    await field.focus();
    await page.keyboard.type("/npjk?");
    assert.equal(await field.inputValue(), "/npjk?");
  }
  await page.locator("select[name=type]").focus();
  for (const key of ["n", "p", "j", "k", "/", "?"]) await page.keyboard.press(key);
  await page.getByLabel("From").focus();
  for (const key of ["n", "p", "/"]) await page.keyboard.press(key);
  await page.locator("h1").click();
  for (const key of ["Control+j", "Alt+n", "Meta+p", "N", "x"]) await page.keyboard.press(key);
  await page.evaluate(() =>
    document.body.dispatchEvent(new window.KeyboardEvent("keydown", { key: "n", repeat: true, bubbles: true })),
  );
  await page.waitForTimeout(300);
  assert.equal(page.url(), url);
});

test("the keys are listed on the page, and can be turned off in a browser", async () => {
  const context = await browser.newContext();
  const own = await context.newPage();
  await own.goto(`${site.url}/clients?${week}`);
  await own.locator("details.keys").waitFor();
  assert.equal(await own.locator("details.keys[open]").count(), 0);
  await own.keyboard.press("?");
  assert.deepEqual(await own.locator("details.keys kbd").allTextContents(), ["/", "n", "p", "j", "k", "?"]);
  assert.ok(await own.locator("details.keys[open] dl").isVisible());
  await own.keyboard.press("Tab");
  await own.keyboard.press("Space");
  assert.equal(await own.getByRole("checkbox").isChecked(), false);
  await own.locator("h1").click();
  await own.keyboard.press("n");
  await own.waitForTimeout(300);
  assert.match(own.url(), /from=2026-11-16/);
  await own.reload();
  await own.locator("details.keys").waitFor();
  await own.keyboard.press("n");
  await own.waitForTimeout(300);
  assert.match(own.url(), /from=2026-11-16/);
  await own.locator("details.keys summary").click();
  await own.getByRole("checkbox").check();
  await own.locator("h1").click();
  await own.keyboard.press("n");
  await own.waitForURL(/from=2026-11-23/);
  await context.close();
  const without = await browser.newContext({ javaScriptEnabled: false });
  const bare = await without.newPage();
  await bare.goto(`${site.url}/clients`);
  assert.equal(await bare.locator("details.keys").count(), 0, "keys that do nothing are listed");
  await without.close();
});

test("by Tab alone everything that can be used is reached, in sight and with a visible focus", async () => {
  const [{ agent, client, entry }] = await sql`
    SELECT s.agent_id AS agent, s.client_group_id AS client, s.jibble_activity_id AS entry
    FROM timesheet.sessions('2026-11-17', '2026-11-18') AS s WHERE s.client_group_id IS NOT NULL ORDER BY s.started_at
    LIMIT 1`;
  for (const path of [
    `/clients/${client}?${week}`,
    `/agents/${agent}?from=2026-11-17&to=2026-11-17`,
    `/agents/${agent}/2026-11-17`,
    `/entries?from=2026-11-17&to=2026-11-17&agent=${agent}`,
    `/entries/${entry}`,
    "/digests",
    "/search?q=caf",
  ]) {
    await openReady(path);
    // What a pointer can use: each is marked, so that the keyboard's way can be compared.
    const wanted = await page.evaluate(() => {
      const all = [...document.querySelectorAll("a[href], button, input, select, summary, textarea, [tabindex='0']")];
      const usable = all.filter((each) => each.type !== "hidden" && each.checkVisibility() && !each.closest("iframe"));
      usable.forEach((each, n) => each.setAttribute("data-usable", String(n)));
      return usable.length;
    });
    const reached = new Set();
    for (let n = 0; n < wanted + 40 && reached.size < wanted; n += 1) {
      await page.keyboard.press("Tab");
      const at = await page.evaluate(() => {
        const focused = document.activeElement;
        const { outlineStyle, outlineWidth } = window.getComputedStyle(focused);
        const box = focused.getBoundingClientRect();
        return {
          usable: focused.getAttribute("data-usable"),
          isSeen: outlineStyle !== "none" && parseFloat(outlineWidth) > 0,
          isInside: box.bottom > 0 && box.top < window.innerHeight,
          text: focused.outerHTML.slice(0, 120),
        };
      });
      if (at.usable === null) continue;
      reached.add(at.usable);
      assert.ok(at.isSeen && at.isInside, `${path}: ${at.text}`);
    }
    assert.equal(reached.size, wanted, path);
  }
});

test("a table's head and sums stay in sight while its rows scroll", async () => {
  await page.setViewportSize({ width: 1280, height: 800 });
  await openReady(`/agents?${week}`);
  const scroller = page.locator(".scroller");
  await scroller.scrollIntoViewIfNeeded();
  await scroller.evaluate((region) => (region.scrollTop = region.scrollHeight / 2));
  const at = await scroller.evaluate((region) => {
    const box = (selector) => region.querySelector(selector).getBoundingClientRect();
    const [own, head, foot] = [region.getBoundingClientRect(), box("thead th"), box("tfoot th")];
    return {
      scrolled: region.scrollTop,
      head: Math.round(head.top - own.top),
      foot: Math.round(own.bottom - foot.bottom),
      height: own.height - window.innerHeight,
    };
  });
  assert.ok(at.scrolled > 100 && at.height < 0, JSON.stringify(at));
  assert.ok(Math.abs(at.head) <= 1 && Math.abs(at.foot) <= 1, JSON.stringify(at));
  await page.setViewportSize({ width: 1280, height: 720 });
});

test("a page that takes long says that it is loading, until it is there", async () => {
  await openReady(`/clients?${week}`);
  let go;
  const held = new Promise((resolve) => (go = resolve));
  await page.route(/\/agents/, async (route) => {
    await held;
    await route.continue();
  });
  try {
    const status = page.locator(".progress");
    assert.equal(await status.textContent(), "");
    await page.getByRole("navigation", { name: "Pages" }).getByRole("link", { name: "Agents" }).click();
    await page.waitForFunction(() => document.querySelector(".progress").textContent === "Loading…");
    assert.equal(await status.getAttribute("role"), "status");
    go();
    await page.waitForURL(/\/agents/);
    await page.waitForFunction(() => document.querySelector(".progress").textContent === "");
  } finally {
    go();
    await page.unroute(/\/agents/);
  }
});
