/** The database is down or busy: the same request may succeed later. */
export class Unavailable extends Error {
  /** Nothing came from it in time, so its connection is useless. */
  readonly isSilent: boolean;

  constructor(message: string, { isSilent = false } = {}) {
    super(message);
    this.isSilent = isSilent;
  }
}

const connectionErrors = new Set([
  "CONNECT_TIMEOUT",
  "CONNECTION_CLOSED",
  "CONNECTION_DESTROYED",
  "CONNECTION_ENDED", // postgres.js
  "ECONNREFUSED",
  "ECONNRESET",
  "EPIPE",
  "ETIMEDOUT",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ENOTFOUND",
  "EAI_AGAIN",
  "ERR_STREAM_DESTROYED",
  "ERR_STREAM_WRITE_AFTER_END",
]);

function codeOf(error: unknown): string {
  // Several addresses of a name are tried as one.
  const code =
    error instanceof AggregateError
      ? codeOf(error.errors[0])
      : error instanceof Error && "code" in error
        ? error.code
        : "";
  return typeof code === "string" ? code : "";
}

/** Whether the connection is lost; 08 and 57P are PostgreSQL's and a pooler's codes for that. */
export function isConnectionError(error: unknown): boolean {
  return (
    (error instanceof Unavailable && error.isSilent) ||
    connectionErrors.has(codeOf(error)) ||
    /^(08...|57P..|25P0[34])$/.test(codeOf(error))
  );
}

/** Whether trying again may help: a lock, a timeout, no connection left, a server that starts or stops. */
export function isUnavailable(error: unknown): boolean {
  return error instanceof Unavailable || isConnectionError(error) || /^(53...|57014|55P03)$/.test(codeOf(error));
}
