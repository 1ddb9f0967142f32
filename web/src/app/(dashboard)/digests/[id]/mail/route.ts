import { getEmailHtml } from "@/data/digests";
import { read } from "@/data/read";
import { mailPolicy } from "@/components/mail_policy";
import { withErrorResponse } from "@/http/failures";
import { idOf } from "@/range/state";

/**
 * An e-mail's HTML for the frame that shows it, under a policy by which nothing runs or loads. It is set here too, so
 * as not to depend on the paths in src/proxy.ts.
 */
export const GET = withErrorResponse(async (_: Request, { params }: { params: Promise<{ id: string }> }) => {
  const id = idOf((await params).id);
  const html = await read(async (sql) => (id === null ? null : getEmailHtml(sql, id)));
  const headers = { "Cache-Control": "private, no-store", "Content-Security-Policy": mailPolicy };
  if (html === null) return new Response("There is no such e-mail.", { status: 404, headers });
  return new Response(html, { headers: { ...headers, "Content-Type": "text/html; charset=utf-8" } });
});
