import { NextResponse, type NextRequest } from "next/server";
import { configuration } from "@/config/configuration";
import { cookieName, cookieOptions } from "@/auth/cookie";
import { beginSignIn } from "@/auth/provider";
import { returnPath } from "@/auth/return_path";
import { seal } from "@/auth/sealed";

const seconds = 600;

export async function GET(request: NextRequest): Promise<NextResponse> {
  const { signIn } = configuration();
  if (!signIn) return new NextResponse(null, { status: 404 });
  try {
    const { attempt, url } = await beginSignIn(signIn);
    const next = returnPath(request.nextUrl.searchParams.get("next"));
    const response = NextResponse.redirect(url, 303);
    response.cookies.set(
      cookieName(signIn, "sign-in"),
      await seal(signIn, "sign-in", { ...attempt, next }, seconds),
      cookieOptions(signIn, seconds),
    );
    return response;
  } catch (error) {
    console.error("the sign-in provider did not answer:", error instanceof Error ? error.message : error);
    return NextResponse.redirect(new URL("/sign-in?problem=provider", signIn.baseUrl), 303);
  }
}
