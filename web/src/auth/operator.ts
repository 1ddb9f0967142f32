// Who may change something. The list is checked at every request, for buttons as for what they send.
import { cache } from "react";
import { configuration } from "@/config/configuration";
import { isAllowed } from "./allow_list";
import { currentPerson } from "./current_person";

/** The address that is recorded for what the person does; null for a person who may only read. */
export const currentOperator = cache(async (): Promise<string | null> => {
  const { operators } = configuration();
  if (!operators) return null;
  const person = await currentPerson();
  if (person === null) return null;
  if (person === "demo") return operators.addresses[0] ?? null;
  return isAllowed(person.address, operators) ? person.address : null;
});
