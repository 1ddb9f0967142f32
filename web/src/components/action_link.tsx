import { unstable_rethrow } from "next/navigation";
import type { ReactNode } from "react";
import type { ActionName } from "@/actions/all";
import { hasPreviews } from "@/actions/digest_actions";
import { currentOperator } from "@/auth/operator";
import { read } from "@/data/read";
import { address } from "@/range/state";
import { AppLink } from "./app_link";

type Properties = {
  action: ActionName;
  values?: Readonly<Record<string, string>>;
  /** Whether the values are complete: the link leads to the question, else to the form. */
  isComplete?: boolean;
  children: ReactNode;
};

/** A page that was read is shown also if the database is gone since. */
async function canPreview(): Promise<boolean> {
  try {
    return await read(hasPreviews);
  } catch (error) {
    unstable_rethrow(error);
    return false;
  }
}

/** A button for those who may change something; nothing for others. */
export async function ActionLink({ action, values = {}, isComplete, children }: Properties) {
  if ((await currentOperator()) === null) return null;
  if (action === "send_preview" && !(await canPreview())) return null;
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
