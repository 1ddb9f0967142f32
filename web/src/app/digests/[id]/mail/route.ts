import { getEmailHtml } from "@/data/digests";
import { read } from "@/data/read";
import { mailPolicy } from "@/components/mail_policy";
import { answering } from "@/http/answering";
import { idOf } from "@/range/state";

/** A mail's HTML for the frame that shows it, under a policy by which nothing runs or loads: given here too, so that it depends on no path that src/proxy.ts knows. */
export const GET = answering(async (_: Request, { params }: { params: Promise<{ id: string }> }) => {
  const id = idOf((await params).id);
  const html = await read(async (sql) => (id === null ? null : getEmailHtml(sql, id)));
  const headers = { "Cache-Control": "private, no-store", "Content-Security-Policy": mailPolicy };
  if (html === null) return new Response("There is no such mail.", { status: 404, headers });
  return new Response(html, { headers: { ...headers, "Content-Type": "text/html; charset=utf-8" } });
});
