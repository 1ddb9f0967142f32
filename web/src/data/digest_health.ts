import type { Sql } from "./database";
import { officeTime } from "./time";

export type DigestHealth = {
  queued: number;
  inDoubt: number;
  failed: number;
  overdue: number;
  overdueBecause: string | null;
  nextDueAt: string | null;
  contactProblems: number;
};

export async function getDigestHealth(sql: Sql): Promise<DigestHealth> {
  const [row] = await sql<DigestHealth[]>`
    SELECT h.queued::int AS queued, h.in_doubt::int AS "inDoubt", h.failed::int AS failed, h.overdue::int AS overdue,
      h.overdue_because AS "overdueBecause",
      ${officeTime(sql, sql`h.next_due_at`)} AS "nextDueAt", h.contact_problems::int AS "contactProblems"
    FROM timesheet.digest_health AS h`;
  if (!row) throw new Error("the database did not answer");
  return row;
}

/** A digest that is not queued yet. Times are the office's. */
export type Waiting = {
  key: string;
  email: string;
  firstDay: string;
  lastDay: string;
  dueAt: string;
  because: string | null;
};

export async function getWaitingDigests(sql: Sql): Promise<Waiting[]> {
  return sql<Waiting[]>`
    SELECT w.contact_id || ' ' || w.week AS key, w.email,
      w.first_day::text AS "firstDay", w.last_day::text AS "lastDay",
      ${officeTime(sql, sql`w.due_at`)} AS "dueAt", w.waits_because AS because
    FROM timesheet.digest_weeks AS w ORDER BY w.due_at, w.email, w.contact_id`;
}

export type ContactProblem = {
  id: number;
  record: string | null;
  value: string | null;
  problem: string;
  noticedAt: string;
};

export async function getContactProblems(sql: Sql, limit = 50): Promise<ContactProblem[]> {
  return sql<ContactProblem[]>`
    SELECT p.contact_problem_id AS id, p.record_id AS record, p.value, p.problem,
      ${officeTime(sql, sql`p.noticed_at`)} AS "noticedAt"
    FROM timesheet.contact_problems AS p ORDER BY p.contact_problem_id LIMIT ${limit}`;
}
