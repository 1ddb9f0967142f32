import { NextResponse, type NextRequest } from "next/server";
import { configuration } from "@/config/configuration";
import { isAllowed } from "@/auth/allow_list";
import { cookieName, cookieOptions } from "@/auth/cookie";
import { finishSignIn } from "@/auth/provider";
import { returnPath } from "@/auth/return_path";
import { seal, unseal } from "@/auth/sealed";

export async function GET(request: NextRequest): Promise<NextResponse> {
  const { signIn } = configuration();
  if (!signIn) return new NextResponse(null, { status: 404 });
  const name = cookieName(signIn, "sign-in");
  const to = (path: string) => {
    const response = NextResponse.redirect(new URL(path, signIn.baseUrl), 303);
    response.cookies.set(name, "", cookieOptions(signIn, 0)); // an attempt is valid for one answer
    return response;
  };
  const attempt = await unseal(signIn, "sign-in", request.cookies.get(name)?.value);
  if (!attempt) return to("/sign-in?problem=expired");
  let address: string | null;
  try {
    address = await finishSignIn(
      signIn,
      { state: String(attempt.state), nonce: String(attempt.nonce), verifier: String(attempt.verifier) },
      request.nextUrl.search,
    );
  } catch (error) {
    console.error("a sign-in failed:", error instanceof Error ? error.message : error);
    return to("/sign-in?problem=failed");
  }
  if (!address) return to("/sign-in?problem=unverified");
  if (!isAllowed(address, signIn)) return to("/sign-in?problem=refused");
  const response = to(returnPath(String(attempt.next)));
  const seconds = signIn.sessionHours * 3600;
  response.cookies.set(
    cookieName(signIn, "session"),
    await seal(signIn, "session", { address }, seconds),
    cookieOptions(signIn, seconds),
  );
  return response;
}
