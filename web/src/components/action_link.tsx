import type { ReactNode } from "react";
import type { ActionName } from "@/actions/all";
import { currentOperator } from "@/auth/operator";
import { address } from "@/range/state";
import { AppLink } from "./app_link";

type Properties = {
  action: ActionName;
  values?: Readonly<Record<string, string>>;
  /** Whether the values are complete: the link leads to the question, else to the form. */
  isComplete?: boolean;
  children: ReactNode;
};

/** A button for those who may change something; nothing for others. */
export async function ActionLink({ action, values = {}, isComplete, children }: Properties) {
  if ((await currentOperator()) === null) return null;
  return (
    <AppLink
      className="button quiet"
      href={address(`/actions/${action}`, values, isComplete ? { step: "confirm" } : {})}
      data-action={action}
    >
      {children}
    </AppLink>
  );
}

export function ActionLinks({ children }: { children: ReactNode }) {
  return <div className="action-links">{children}</div>;
}
