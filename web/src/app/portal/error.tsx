"use client";

export default function Failure() {
  return (
    <main id="content" className="alone">
      <title>Not available</title>
      <h1>Your hours cannot be shown at the moment</h1>
      <p>This is our fault, not yours, and nothing is lost. Please try again in a few minutes.</p>
      <p>
        <a className="button" href="/portal">
          Try again
        </a>
      </p>
    </main>
  );
}
