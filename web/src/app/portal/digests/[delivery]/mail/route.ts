import type { NextRequest } from "next/server";
import { redirect } from "next/navigation";
import { mailPolicy } from "@/components/mail_policy";
import { getDigest } from "@/portal/digests";
import { withPortalFailure } from "@/portal/failures";
import { visit } from "@/portal/visit";
import { idOf } from "@/range/state";

type Context = { params: Promise<{ delivery: string }> };

/** An e-mail's HTML for the frame that shows it, under a policy by which nothing runs or loads. */
export const GET = withPortalFailure(async (_: NextRequest, { params }: Context) => {
  const id = idOf((await params).delivery);
  const { data } = await visit(`digest ${id}`, async (sql, visit) => (id === null ? null : getDigest(sql, visit, id)));
  if (data?.html == null) redirect("/portal/digests");
  return new Response(data.html, {
    headers: {
      "Cache-Control": "private, no-store",
      "Content-Security-Policy": mailPolicy,
      "Content-Type": "text/html; charset=utf-8",
    },
  });
});
