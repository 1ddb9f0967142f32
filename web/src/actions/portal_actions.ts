// The clients' portal: end a contact's links, and look at what a contact sees.
import type { Sql } from "@/data/database";
import { getPortalOpenings, type PortalOpening } from "@/data/portal_openings";
import { timeText } from "@/range/days";
import { type Action, counted, emailOf, type Field, Refusal, resultOf, type Values } from "./action";

async function contactField(sql: Sql, values: Values): Promise<Field> {
  const contacts = await getPortalOpenings(sql);
  return {
    name: "email",
    label: "Contact",
    kind: "email",
    isRequired: true,
    value: values.email,
    hint: "The address, as Airtable lists it.",
    choices: contacts.slice(0, 500).map(({ email }) => ({ value: email, label: email })),
  };
}

async function contactOf(sql: Sql, values: Values): Promise<PortalOpening> {
  const email = emailOf(values);
  const found = (await getPortalOpenings(sql)).find((each) => each.email === email);
  if (!found) throw new Refusal(`There is no contact ${email}. Choose one of the list.`);
  return found;
}

const revokePortalLinks: Action = {
  title: "Revoke a contact's links to the portal",
  about: "For a contact who should no longer see hours by the links sent so far, such as one who forwarded an e-mail.",
  fields: async (sql, values) => [await contactField(sql, values)],
  async ask(sql, values) {
    const { email, liveLinks, validUntil, openings, lastOpenedAt } = await contactOf(sql, values);
    if (liveLinks === 0) throw new Refusal(`No link of ${email} works now: there is nothing to do.`);
    return {
      will: [
        `${counted(liveLinks, "link", "links")} of ${email} will end at once, permanently` +
          `${validUntil ? `; without this, the last one would work until ${timeText(validUntil)}` : ""}. ` +
          (openings === 0
            ? "No link of this contact was opened so far."
            : `The portal was opened ${counted(openings, "time", "times")}, last at ${timeText(lastOpenedAt)}.`),
        "The next digest has a new link, and the contact can ask for one. To stop that, take it out of Airtable.",
      ],
      facts: [{ name: "Links that work", now: String(liveLinks), then: "0" }],
      button: "Revoke the links",
      seen: [liveLinks],
      expects: liveLinks,
      carryOut: async (db, actor, request) =>
        resultOf(
          await db<{ result: number }[]>`SELECT timesheet.operate_revoke_portal_links(${actor}::text, ${email}::text,
            ${request}::text::uuid) AS result`,
        ),
    };
  },
};

const viewPortal: Action = {
  title: "Show what a contact sees",
  about: "The hours, notes and digests that the clients' portal shows to a contact. That you look is recorded.",
  fields: async (sql, values) => [await contactField(sql, values)],
  async ask(sql, values) {
    const { email, liveLinks, nothingBecause } = await contactOf(sql, values);
    return {
      will: [
        `You will see what the clients' portal shows to ${email}, for one hour. 0 e-mails and 0 links are sent, and ` +
          "it does not count as an opening.",
        nothingBecause
          ? `At present that is nothing: ${nothingBecause}.`
          : liveLinks === 0
            ? "The contact itself has no link that works now."
            : `The contact has ${counted(liveLinks, "link that works", "links that work")}.`,
      ],
      facts: [],
      button: "Show it",
      seen: null,
      carryOut: async (db, actor, request) => {
        await db`SELECT FROM timesheet.operate_view_portal(${actor}::text, ${email}::text, ${request}::text::uuid)`;
        return null;
      },
    };
  },
};

export const portalActions = {
  revoke_portal_links: revokePortalLinks,
  view_portal: viewPortal,
} satisfies Record<string, Action>;
