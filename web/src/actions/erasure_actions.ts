// Personal data that a person asks to be erased; hours stay.
import type { Sql } from "@/data/database";
import { type Action, emailOf, resultOf } from "./action";
import { agentField, agentOf } from "./people";

const eraseAgent: Action = {
  title: "Erase an agent's personal data",
  about: "For an agent who asks for it. Hours stay, under a name such as “Erased agent 12”. It cannot be undone.",
  fields: async (sql, values) => [await agentField(sql, values, true)],
  async ask(sql, values) {
    const agent = await agentOf(sql, values);
    return {
      will: [
        `The name, address and code of ${agent.name} will be erased, and notes, places and devices in all that ` +
          "Jibble sent. Sent digests that name the agent lose their text and keep their total.",
        "The hours stay. It cannot be undone.",
      ],
      facts: [{ name: "Name", now: agent.name, then: `Erased agent ${agent.id}` }],
      button: "Erase for good",
      seen: [agent.name],
      preview: { kind: "erase_agent", arguments: { of_agent: agent.id } },
      carryOut: async (db, actor, request) =>
        resultOf(
          await db<{ result: number }[]>`SELECT (timesheet.operate_erase_agent(${actor}::text,
            ${String(agent.id)}::text::int, ${request}::text::uuid) ->> 'payloads')::int AS result`,
        ),
    };
  },
};

const eraseContact: Action = {
  title: "Erase a contact's address",
  about: "For a contact who asks for it and whom Airtable does not list any more. It cannot be undone.",
  fields: async (_, values) => [
    { name: "email", label: "Contact", kind: "email", isRequired: true, value: values.email, hint: "The address." },
  ],
  async ask(_: Sql, values) {
    const email = emailOf(values);
    return {
      will: [
        `The address ${email} will be erased, also in the digests sent to it, whose hours stay.`,
        "It cannot be undone.",
      ],
      facts: [],
      button: "Erase for good",
      seen: [email],
      preview: { kind: "erase_contact", arguments: { of_email: email } },
      carryOut: async (db, actor, request) =>
        resultOf(
          await db<{ result: number }[]>`SELECT (timesheet.operate_erase_contact(${actor}::text, ${email}::text,
            ${request}::text::uuid) ->> 'digests')::int AS result`,
        ),
    };
  },
};

export const erasureActions = {
  erase_agent: eraseAgent,
  erase_contact: eraseContact,
} satisfies Record<string, Action>;
