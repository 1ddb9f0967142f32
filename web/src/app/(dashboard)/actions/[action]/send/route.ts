// The only way to change something. Every action is sent here: who may, from where, and what is checked once for all.
import { redirect } from "next/navigation";
import type { NextRequest } from "next/server";
import { actionOf } from "@/actions/all";
import { carryOut, type Sent, sentBy } from "@/actions/carry_out";
import { sealMessage } from "@/actions/message";
import { currentPerson, requirePerson } from "@/auth/current_person";
import { currentOperator } from "@/auth/operator";
import { isFromHere } from "@/auth/origin";
import { returnPath } from "@/auth/return_path";
import { bodyOf } from "@/http/body";
import { address } from "@/range/state";

export const maxDuration = 60;

type Context = { params: Promise<{ action: string }> };

const maxBodyBytes = 16_384;

function refuse(status: number, text: string): Response {
  return new Response(`${text}\n`, {
    status,
    headers: { "Content-Type": "text/plain; charset=utf-8", "Cache-Control": "no-store" },
  });
}

function leadTo(path: string): Response {
  return new Response(null, { status: 303, headers: { Location: path, "Cache-Control": "no-store" } });
}

async function formOf(request: NextRequest): Promise<FormData | Response> {
  const type = request.headers.get("content-type") ?? "";
  if (!/^application\/x-www-form-urlencoded\s*(;|$)/i.test(type))
    return refuse(415, "Nothing was done. Use the form of this page: it sends application/x-www-form-urlencoded.");
  const body = await bodyOf(request, maxBodyBytes).catch(() => new Uint8Array());
  if (body === null) return refuse(413, `Nothing was done: at most ${maxBodyBytes} bytes are accepted.`);
  return new Response(body, { headers: { "content-type": type } }).formData();
}

/** The question with what was typed, and its id, under which it may have been carried out already. */
function questionOf(name: string, { values, request }: Sent): string {
  return address(`/actions/${name}`, values, { step: "confirm", request });
}

/** To the sign-in, and from there back to the question; without what was typed if that is too long to be kept. */
async function signInFirst(name: string, request: NextRequest): Promise<Response> {
  const form = await formOf(request);
  const sent = form instanceof Response ? null : sentBy(form);
  const question = sent && questionOf(name, sent);
  const next = question && returnPath(question) !== "/" ? question : `/actions/${name}`;
  return leadTo(`/sign-in?next=${encodeURIComponent(next)}`);
}

export async function POST(request: NextRequest, { params }: Context): Promise<Response> {
  if (!isFromHere(request.headers))
    return refuse(403, "Nothing was done: a form is accepted from a page of this dashboard alone.");
  const name = (await params).action;
  const action = actionOf(name);
  if ((await currentPerson()) === null) return signInFirst(name, request);
  const actor = await currentOperator();
  if (actor === null)
    return refuse(403, "Nothing was done: you may read, and not change anything. OPERATORS lists those who may.");
  if (!action) return refuse(404, "Nothing was done: there is no such action.");
  const form = await formOf(request);
  if (form instanceof Response) return form;
  const sent = sentBy(form);
  if (!sent) return refuse(400, "Nothing was done: the form is not complete. Open it again, and send it from there.");
  const problem = await carryOut(name, action, sent, actor);
  if (problem === null) return leadTo(`/actions/done/${sent.request}`);
  return leadTo(`${questionOf(name, sent)}&said=${encodeURIComponent(await sealMessage(problem))}`);
}

/** Where a browser reloads what it sent. */
export async function GET(_: NextRequest, { params }: Context): Promise<Response> {
  await requirePerson();
  redirect(`/actions/${encodeURIComponent((await params).action)}`);
}
