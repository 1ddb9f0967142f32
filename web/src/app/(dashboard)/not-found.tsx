import Link from "next/link";
import { connection } from "next/server";

export default async function NotFound() {
  await connection(); // the policy for scripts is a new one for every answer
  return (
    <main id="content" className="alone">
      <title>Not found · Timesheet</title>
      <h1>Page not found</h1>
      <p>There is no such page, client, agent, entry or digest.</p>
      <p>
        <Link className="button" href="/" prefetch={false}>
          Overview
        </Link>
      </p>
    </main>
  );
}
