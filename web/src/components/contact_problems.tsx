import type { ContactProblem } from "@/data/digest_health";
import { timeText } from "@/range/days";

/** What is wrong in Airtable's list of contacts, each with what to do; nothing if nothing is. */
export function ContactProblems({
  problems,
  count,
  zone,
}: {
  problems: ContactProblem[];
  count: number;
  zone: string;
}) {
  if (problems.length === 0) return null;
  return (
    <section className="panel" aria-labelledby="contact-problems">
      <div className="panel-head">
        <h2 id="contact-problems">Contacts to correct</h2>
        <p className="detail">
          In Airtable, as of the last read
          {count > problems.length && `; the first ${problems.length} of ${count}`}.
        </p>
      </div>
      <ul className="notes">
        {problems.map((problem) => (
          <li key={problem.id}>
            <span className="tag">{problem.record ?? "no record"}</span>
            <span>{problem.problem}</span>
            <span className="detail">
              {problem.value && `${problem.value} · `}
              {timeText(problem.noticedAt)} ({zone})
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
