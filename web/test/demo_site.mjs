// The dashboard as the demo runs it, a browser tab on it, and SQL as the database's owner, for the test file that
// imports this; each file is a process of its own. The bindings are set before its first test.
import assert from "node:assert/strict";
import { after, before } from "node:test";
import { owner, startBrowser, startDemo } from "./world.mjs";

export let site, browser, page, sql;

before(async () => {
  [site, browser, sql] = [await startDemo(), await startBrowser(), owner()];
  page = await browser.newPage();
});
after(async () => {
  await browser?.close();
  await site?.stop();
  await sql?.end();
});

export async function open(path) {
  const response = await page.goto(site.url + path);
  assert.equal(response.status(), 200, path);
}
