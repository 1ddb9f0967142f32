// The dashboard's login, in the role timesheet_reader, reads what the pages show, and cannot change anything.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import postgres from "postgres";
import { owner, reader, startDemo, superuser, uriOf } from "./world.mjs";

let sql, asReader;
before(() => {
  [sql, asReader] = [owner(), reader()];
});
after(async () => {
  await asReader.end();
  await sql.end();
});

test("it reads each view and explains a day", async () => {
  for (const view of [
    "weekly_report",
    "daily_report",
    "attendance",
    "session_log",
    "notes",
    "feed_health",
    "audits",
    "audit_findings",
    "silent_agents",
    "alerts",
    "digests",
    "digest_emails",
    "digest_hours",
    "digest_weeks",
    "digest_health",
  ])
    await asReader`SELECT * FROM timesheet.${asReader(view)} LIMIT 1`;
  const [{ agent }] = await sql`SELECT agent_id AS agent FROM timesheet.sessions('2026-11-17', '2026-11-18') LIMIT 1`;
  assert.ok((await asReader`SELECT * FROM timesheet.explain('2026-11-17', ${agent})`).length > 3);
});

test("it reads a day that is not refreshed yet, with either engine", async () => {
  await sql`UPDATE timesheet.agents SET full_name = full_name`;
  await sql`
    INSERT INTO timesheet.stale_days (agent_id, workday) SELECT DISTINCT s.agent_id, s.workday
    FROM timesheet.sessions('2026-11-17', '2026-11-18') AS s ON CONFLICT DO NOTHING`;
  for (const engine of ["sql", "auto"]) {
    await sql`SELECT timesheet.use_engine(${engine})`;
    for (const view of ["daily_report", "attendance", "session_log", "notes"])
      await asReader`SELECT count(*) FROM timesheet.${asReader(view)} WHERE workday = '2026-11-17'`;
  }
  await sql`SELECT timesheet.refresh()`;
});

test("it cannot write to any table or create one, even in a transaction that is read-write", async () => {
  const tables = await sql`
    SELECT c.relname AS name FROM pg_class AS c WHERE c.relnamespace = 'timesheet'::regnamespace
      AND c.relkind IN ('r', 'v') ORDER BY 1`;
  assert.ok(tables.length > 20);
  const [{ rights }] = await sql`
    SELECT count(*)::int AS rights FROM pg_class AS c
    CROSS JOIN unnest(ARRAY['INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER']) AS p (right_)
    WHERE c.relnamespace = 'timesheet'::regnamespace AND c.relkind IN ('r', 'v')
      AND has_table_privilege('timesheet_reader', c.oid, p.right_)`;
  assert.equal(rights, 0);
  const attempts = [
    "UPDATE timesheet.settings SET week_starts_on = 2",
    "DELETE FROM timesheet.time_entries",
    "INSERT INTO timesheet.alerts (kind, detail) VALUES ('x', 'x')",
    "TRUNCATE timesheet.raw_events",
    "CREATE TABLE timesheet.mine ()",
    "CREATE TABLE public.mine ()",
    "SELECT timesheet.replay()",
    "SELECT timesheet.assign_client_group(1, 1, now())",
    "SELECT timesheet.resolve_delivery(1, true)",
    "SELECT timesheet.resend_digest('claire@lumiere.example', '2026-11-16')",
    "SELECT timesheet.queue_digests()",
    "SELECT timesheet.use_engine('sql')",
    "SELECT timesheet.watch_feed(), timesheet.prune_ingest_runs()",
    "INSERT INTO timesheet.stale_days (agent_id, workday) VALUES (1, '2026-01-01')",
    "CREATE ROLE mine",
    "ALTER ROLE timesheet_reader SUPERUSER",
    "SELECT setval(pg_get_serial_sequence('timesheet.alerts', 'alert_id'), 1)",
  ];
  for (const attempt of attempts)
    await assert.rejects(
      asReader.begin("read write", (tx) => tx.unsafe(attempt)),
      { code: "42501" },
      attempt,
    );
  await sql`
    INSERT INTO timesheet.stale_days (agent_id, workday) SELECT s.agent_id, s.workday
    FROM timesheet.sessions('2026-11-17', '2026-11-18') AS s LIMIT 1 ON CONFLICT DO NOTHING`;
  await assert.rejects(
    asReader.begin("read write", (tx) => tx`SELECT timesheet.refresh()`),
    { code: "42501" },
  );
  await sql`SELECT timesheet.refresh()`;
});

test("its transactions are read-only unless it asks otherwise", async () => {
  const [row] = await asReader`SHOW default_transaction_read_only`;
  assert.equal(row.default_transaction_read_only, "on");
});

test("a BI login of the same role sees none of the dashboard's queries, and cannot end its sessions", async () => {
  const [root, site, password] = [superuser(), await startDemo(), crypto.randomUUID()];
  await root.unsafe(`CREATE ROLE bi LOGIN PASSWORD '${password}' IN ROLE timesheet_reader`);
  const bi = postgres(
    Object.assign(new URL(uriOf(process.env.TIMESHEET_WEB_TEST_READER_URI, "web")), { username: "bi", password }).href,
    { max: 1, prepare: false, onnotice: () => {} },
  );
  try {
    assert.equal((await fetch(`${site.url}/clients`)).status, 200);
    const sessions = await root`SELECT pid, query FROM pg_stat_activity WHERE application_name = 'timesheet-web'`;
    // so that there is something to see
    assert.ok(sessions.length > 0 && sessions.every(({ query }) => query === "commit"), JSON.stringify(sessions));
    for (const { pid } of sessions) {
      const [seen] = await bi`SELECT query, state, client_addr FROM pg_stat_activity WHERE pid = ${pid}`;
      assert.deepEqual({ ...seen }, { query: "<insufficient privilege>", state: null, client_addr: null });
      for (const end of ["pg_cancel_backend", "pg_terminate_backend"])
        await assert.rejects(bi.unsafe(`SELECT ${end}(${pid})`), { code: "42501" }, end);
    }
    for (const role of ["dashboard", "timesheet_unsubscribe", "unsubscribe"])
      await assert.rejects(bi.unsafe(`SET ROLE ${role}`), { code: "42501" }, role);
    await bi`SELECT count(*) FROM timesheet.weekly_report`;
    assert.deepEqual(
      (await root`SELECT rolname FROM pg_roles WHERE rolname ~ '^timesheet_' AND rolcanlogin`).map(
        (row) => row.rolname,
      ),
      [],
    );
  } finally {
    await bi.end();
    await site.stop();
    await root`DROP ROLE bi`;
    await root.end();
  }
});

test("granting again is safe, and grants only what the dashboard reads", async () => {
  await sql`SELECT timesheet.grant_roles()`;
  const [{ may }] =
    await sql`SELECT has_table_privilege('timesheet_reader', 'timesheet.working_time_overrides', 'SELECT') AS may`;
  assert.equal(may, false);
});
