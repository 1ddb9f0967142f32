// A broken link leads to the page that offers a fresh one, whatever is wrong with it.
import { linkPath } from "@/portal/door";

function leadToLink(): Response {
  return new Response(null, { status: 303, headers: { Location: linkPath, "Cache-Control": "private, no-store" } });
}

export {
  leadToLink as DELETE,
  leadToLink as GET,
  leadToLink as HEAD,
  leadToLink as OPTIONS,
  leadToLink as PATCH,
  leadToLink as POST,
  leadToLink as PUT,
};
