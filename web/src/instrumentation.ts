// Runs before the first request is taken: a page without its configuration does not start.
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME === "nodejs") (await import("./config/start")).start();
}
