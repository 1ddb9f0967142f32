import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { actionOf } from "@/actions/all";
import { doneWords } from "@/actions/done_words";
import { requirePerson } from "@/auth/current_person";
import { ActionLinks } from "@/components/action_link";
import { AppLink } from "@/components/app_link";
import { Frame } from "@/components/frame";
import { getCalendar } from "@/data/calendar";
import { read } from "@/data/read";
import { getActionOf } from "@/data/staff_log";
import { withErrorPage } from "@/http/failures";
import { timeText } from "@/range/days";
import { isUuid } from "@/range/state";

export const metadata: Metadata = { title: "Done" };

export default withErrorPage(async function Done({ params }: { params: Promise<{ request: string }> }) {
  await requirePerson();
  const { request } = await params;
  if (!isUuid(request)) notFound();
  const { done, zone } = await read(async (sql) => ({
    done: await getActionOf(sql, request),
    zone: (await getCalendar(sql)).timeZone,
  }));
  if (!done) notFound();
  return (
    <Frame
      section="/actions"
      title="Done"
      path={`/actions/done/${request}`}
      state={{}}
      trail={{ path: "/actions", name: "Changes" }}
      subtitle={actionOf(done.action)?.title}
    >
      <p className="panel" role="status" data-done={done.id}>
        {doneWords(done)}.
      </p>
      <p className="hint">
        By {done.actor}, {timeText(done.at)} ({zone}).
      </p>
      <ActionLinks>
        {done.action === "view_portal" && (
          <AppLink className="button" href={`/digests/seen/${request}`}>
            Open what the contact sees
          </AppLink>
        )}
        <AppLink className="button quiet" href="/actions">
          All changes
        </AppLink>
        <AppLink className="button quiet" href="/">
          Overview
        </AppLink>
      </ActionLinks>
    </Frame>
  );
});
