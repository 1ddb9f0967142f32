const loopback = new Set(["127.0.0.1", "localhost", "[::1]", "::1"]);

export function isLoopback(hostname: string): boolean {
  return loopback.has(hostname);
}
