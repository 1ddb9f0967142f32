import Link from "next/link";

export default function NotFound() {
  return (
    <main id="content" className="alone">
      <title>Not found · Timesheet</title>
      <h1>There is nothing here</h1>
      <p>No such page, or no such client, agent or entry.</p>
      <p><Link className="button" href="/" prefetch={false}>Overview</Link></p>
    </main>
  );
}
