// Alerts as managers read them: the sentence with its number; commands are folded away, for the administrator.
import assert from "node:assert/strict";
import { test } from "node:test";
import { alertText } from "../src/components/alert_text.ts";
import { open, page, sql } from "./demo_site.mjs";

// The database's details; test/e2e/deletions, digest and audit have the same texts.
const details = [
  [
    "Jibble no longer shows 5 entries of Ana, nor the person; they still count.",
    " If they are to be deleted, run timesheetd sync --since 2026-11-18 --until 2026-11-18 --allow-mass-deletion",
    "If they are to be deleted, run timesheetd sync --since 2026-11-18 --until 2026-11-18 --allow-mass-deletion",
  ],
  [
    "Airtable no longer lists 5 of 10 contacts; they get no digest until it does again",
    ", or until timesheetd contacts --allow-mass-deletion removes them",
    "timesheetd contacts --allow-mass-deletion removes them",
  ],
  [
    "in the week 16 – 22 Nov 2026 our hours differ from Jibble's by more than a minute on 3 days of 2 agents",
    "; timesheet.audit_findings lists them; once that is corrected, run timesheetd audit --since 2026-11-16",
    "timesheet.audit_findings lists them; once that is corrected, run timesheetd audit --since 2026-11-16",
  ],
  [
    "sync could not begin since 03:05, as another pass was at work at each call (409)",
    ": timesheet.ingest_runs and the log of the deployment say which one; let it end, or end it",
    "timesheet.ingest_runs and the log of the deployment say which one; let it end, or end it",
  ],
  ["last read: 23 Nov 2026, 03:05; nothing was tried since then", "", null],
  ["none has failed either, so timesheetd does not seem to run", "", null],
  ["timesheet.alerts is all there is", "", null],
];

test("an alert's sentence ends where the first command begins", () => {
  for (const [sentence, rest, forAdministrator] of details)
    assert.deepEqual(alertText(sentence + rest), { sentence, forAdministrator });
});

test("start, a week and health show the sentence, and the command in a closed fold", async () => {
  const [sentence, rest, forAdministrator] = details[2];
  await sql`
    INSERT INTO timesheet.alerts (kind, subject, detail) VALUES ('audit_differs', 'of the test', ${sentence + rest})`;
  try {
    for (const [path, place] of [
      ["/", ".message"],
      ["/?from=2026-11-16&to=2026-11-22", ".message"],
      ["/health", ".notes li"],
    ]) {
      await open(path);
      const alert = page.locator(place, { hasText: "on 3 days of 2 agents" });
      assert.equal(await alert.count(), 1, path);
      const fold = alert.locator("details");
      assert.equal(await fold.locator("summary").textContent(), "For the administrator", path);
      assert.equal(await fold.locator("p").textContent(), forAdministrator, path);
      assert.equal(await fold.locator("p").isVisible(), false, path);
      const shown = await alert.evaluate((element) => {
        const copy = element.cloneNode(true);
        copy.querySelectorAll("details").forEach((each) => each.remove());
        return copy.textContent;
      });
      assert.ok(shown.includes(sentence), shown);
      assert.doesNotMatch(shown, /timesheet\.|timesheetd/, path);
      await fold.locator("summary").click();
      assert.equal(await fold.locator("p").isVisible(), true, path);
    }
  } finally {
    await sql`DELETE FROM timesheet.alerts WHERE subject = 'of the test'`;
  }
});
