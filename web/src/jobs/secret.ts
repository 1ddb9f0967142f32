import { createHash, timingSafeEqual } from "node:crypto";

const digest = (text: string) => createHash("sha256").update(text).digest();

/** Whether a header is "Bearer SECRET", in the same time whatever part of it is right. */
export function isAuthorized(header: string | null, secret: string): boolean {
  return timingSafeEqual(digest((header ?? "").replace(/^bearer +/i, "Bearer ")), digest(`Bearer ${secret}`));
}
