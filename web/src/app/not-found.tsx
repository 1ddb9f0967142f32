import Link from "next/link";
import { connection } from "next/server";

export default async function NotFound() {
  await connection(); // the policy for scripts is anew for every answer
  return (
    <main id="content" className="alone">
      <title>Not found · Timesheet</title>
      <h1>There is nothing here</h1>
      <p>No such page, or no such client, agent or entry.</p>
      <p><Link className="button" href="/" prefetch={false}>Overview</Link></p>
    </main>
  );
}
