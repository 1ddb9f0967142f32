export default function Forbidden() {
  return (
    <main id="content" className="alone">
      <title>This machine only · Timesheet</title>
      <h1>Only from this machine</h1>
      <p>The demo has no sign-in, so it answers under the name localhost or 127.0.0.1 only.</p>
    </main>
  );
}
