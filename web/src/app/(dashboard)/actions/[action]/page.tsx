import type { Metadata } from "next";
import { headers } from "next/headers";
import { notFound } from "next/navigation";
import { actionOf } from "@/actions/all";
import { messageOf } from "@/actions/message";
import { requirePerson } from "@/auth/current_person";
import { currentOperator } from "@/auth/operator";
import { ActionForm, ActionQuestion } from "@/components/action_form";
import { Frame } from "@/components/frame";
import type { Search } from "@/components/parameters";
import { withErrorPage } from "@/http/failures";
import { answerWith } from "@/http/incoming";
import { address, stateOf } from "@/range/state";
import { loadAction } from "./load";

export const metadata: Metadata = { title: "Change" };
/** A preview of a correction counts the hours of a whole client again. */
export const maxDuration = 60;

export default withErrorPage(async function ActionPage({
  params,
  searchParams,
}: {
  params: Promise<{ action: string }>;
  searchParams: Search;
}) {
  await requirePerson();
  const name = (await params).action;
  const action = actionOf(name);
  if (!action) notFound();
  const path = `/actions/${name}`;
  const trail = { path: "/actions", name: "Changes" };
  const actor = await currentOperator();
  if (actor === null) {
    answerWith(403, {});
    return (
      <Frame section="/actions" title={action.title} path={path} state={{}} trail={trail}>
        <p className="message">
          You may read, and not change anything. Ask the administrator of this dashboard to add your address to
          OPERATORS.
        </p>
      </Frame>
    );
  }
  const given = await searchParams;
  const state = stateOf(given);
  // A question may be work for the database: a link of another site leads to the form alone.
  const isFromElsewhere = (await headers()).get("sec-fetch-site") === "cross-site";
  const { step: _, ...form } = state;
  const { fields, was, problem, asked } = await loadAction(name, action, isFromElsewhere ? form : state, actor);
  const said = await messageOf(given.said);
  const { request: _request, said: _said, ...values } = form;
  return (
    <Frame section="/actions" title={action.title} path={path} state={{}} trail={trail} subtitle={action.about}>
      <title>{`${action.title} · Timesheet`}</title>
      {[said, problem === said ? null : problem].map(
        (message) =>
          message && (
            <p key={message} className="message bad" role="alert">
              {message}
            </p>
          ),
      )}
      {asked ? (
        <ActionQuestion
          path={path}
          back={address(path, values)}
          question={asked.question}
          preview={asked.preview}
          hidden={asked.hidden}
        />
      ) : (
        <ActionForm path={path} fields={fields} was={was} />
      )}
      <p className="hint">It will be recorded under {actor}.</p>
    </Frame>
  );
});
