// Runs before the first request: without its configuration the dashboard does not start.
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME === "nodejs") (await import("./config/start")).start();
}
