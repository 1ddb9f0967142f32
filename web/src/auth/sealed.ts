// What a browser keeps for us, in cookies and addresses, encrypted so that it can neither read nor change it.
import { createHash } from "node:crypto";
import { EncryptJWT, errors, jwtDecrypt } from "jose";
import type { SignIn } from "@/config/configuration";

export type Purpose = "session" | "sign-in" | "message";
type Secret = Pick<SignIn, "sessionSecret">;

function key(signIn: Secret, purpose: Purpose): Uint8Array {
  return createHash("sha256").update(`${purpose}\n${signIn.sessionSecret}`).digest();
}

export async function seal(
  signIn: Secret,
  purpose: Purpose,
  content: Record<string, string>,
  seconds: number,
): Promise<string> {
  const now = Math.floor(Date.now() / 1000);
  return new EncryptJWT(content)
    .setProtectedHeader({ alg: "dir", enc: "A256GCM" })
    .setIssuedAt(now)
    .setExpirationTime(now + Math.floor(seconds))
    .encrypt(key(signIn, purpose));
}

/** Null if it has expired, or was not sealed here for this purpose. */
export async function unseal(
  signIn: Secret,
  purpose: Purpose,
  sealed: string | undefined,
): Promise<Record<string, unknown> | null> {
  if (!sealed) return null;
  try {
    const { payload } = await jwtDecrypt(sealed, key(signIn, purpose), {
      keyManagementAlgorithms: ["dir"],
      contentEncryptionAlgorithms: ["A256GCM"],
      requiredClaims: ["exp"],
    });
    return payload;
  } catch (error) {
    if (error instanceof errors.JOSEError) return null;
    throw error;
  }
}
