/** The body, also without a Content-Length; null if it is longer than any valid one. */
export async function bodyOf(request: Request, maxBytes: number): Promise<Uint8Array<ArrayBuffer> | null> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of request.body ?? []) {
    length += part.byteLength;
    if (length > maxBytes) return null; // the rest is not read
    parts.push(part);
  }
  return new Uint8Array(Buffer.concat(parts));
}
