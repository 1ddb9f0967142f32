import { NextResponse } from "next/server";
import { configuration } from "@/config/configuration";
import { cookieName, cookieOptions } from "@/session/cookie";

export async function POST(): Promise<NextResponse> {
  const { signIn } = configuration();
  if (!signIn) return new NextResponse(null, { status: 404 });
  const response = NextResponse.redirect(new URL("/sign-in?problem=signed-out", signIn.baseUrl), 303);
  response.cookies.set(cookieName(signIn, "session"), "", cookieOptions(signIn, 0));
  return response;
}
