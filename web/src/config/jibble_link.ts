// The address of a person's day in Jibble's own web app, from a template (JIBBLE_LINK): Jibble documents no such
// address, so it is copied from the browser, with {person} and {date} in place of the id and the day.
import { isLoopback } from "./loopback.ts";

const placeholder = /\{[^{}]*\}/g;
const example = "https://web.jibble.io/timesheets/{person}?date={date}";

function filled(template: string, person: string, date: string): string {
  return template.replace(placeholder, (name) => encodeURIComponent(name === "{person}" ? person : date));
}

/** What is wrong with a template, or null. */
export function jibbleLinkProblem(template: string): string | null {
  const wrong = (why: string) => `JIBBLE_LINK is "${template}", which ${why}: give one such as ${example}`;
  if (/[^\x21-\x7e]|["'<>\\^`|]/.test(template)) return wrong("has a character that no address has");
  const names: readonly string[] = template.match(placeholder) ?? [];
  const unknown = names.find((name) => name !== "{person}" && name !== "{date}");
  if (unknown !== undefined) return wrong(`has ${unknown}; there are {person} and {date}`);
  for (const name of ["{person}", "{date}"]) if (!names.includes(name)) return wrong(`has no ${name}`);
  if (/[{}]/.test(template.replace(placeholder, ""))) return wrong("has a brace that belongs to no placeholder");
  // Filled in two ways: what differs is where the placeholders are.
  const [url, other] = [URL.parse(filled(template, "a", "b")), URL.parse(filled(template, "c", "d"))];
  if (!url || !other) return wrong("is no URL");
  if (url.protocol !== "https:" && !(url.protocol === "http:" && isLoopback(url.hostname)))
    return wrong("does not begin with https://");
  if (url.username || url.password) return wrong("has a user name");
  if (url.origin !== other.origin) return wrong("has a placeholder in the name of the host");
  return null;
}

/** The link to a person's day, by a template that was checked. */
export function jibbleLink(template: string, person: string, day: string): string {
  return filled(template, person, day);
}
