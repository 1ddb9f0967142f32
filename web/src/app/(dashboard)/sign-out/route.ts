import { NextResponse, type NextRequest } from "next/server";
import { configuration } from "@/config/configuration";
import { cookieName, cookieOptions } from "@/auth/cookie";

export async function POST(request: NextRequest): Promise<NextResponse> {
  const { signIn } = configuration();
  if (!signIn) return new NextResponse(null, { status: 404 });
  // Another site's form cannot sign a person out: browsers name the origin of every POST.
  if (request.headers.get("origin") !== signIn.baseUrl.origin) return new NextResponse(null, { status: 403 });
  const response = NextResponse.redirect(new URL("/sign-in?problem=signed-out", signIn.baseUrl), 303);
  response.cookies.set(cookieName(signIn, "session"), "", cookieOptions(signIn, 0));
  return response;
}
