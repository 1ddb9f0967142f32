import { mailHtml } from "@/data/digests";
import { read } from "@/data/read";
import { idOf } from "@/range/state";

/** A mail's HTML for the frame that shows it; src/proxy.ts gives it a policy of its own, under which nothing runs or loads. */
export async function GET(_: Request, { params }: { params: Promise<{ id: string }> }): Promise<Response> {
  const id = idOf((await params).id);
  const html = await read(async (sql) => (id === null ? null : mailHtml(sql, id)));
  const headers = { "Cache-Control": "private, no-store" };
  if (html === null) return new Response("There is no such mail.", { status: 404, headers });
  return new Response(html, { headers: { ...headers, "Content-Type": "text/html; charset=utf-8" } });
}
