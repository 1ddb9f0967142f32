"use client";

export default function Failure({ error, reset }: { error: Error & { digest?: string }; reset: () => void }) {
  return (
    <main id="content" className="alone">
      <title>Error · Timesheet</title>
      <h1>This page could not be loaded</h1>
      <p>The database did not answer, or answered with an error. The hours are safe: showing a page only reads them.</p>
      <p>
        <button className="button" type="button" onClick={reset}>
          Try again
        </button>{" "}
        <a className="button quiet" href="/health">
          Health
        </a>
      </p>
      {error.digest && <p className="hint">The server&apos;s log has the reason under {error.digest}.</p>}
    </main>
  );
}
