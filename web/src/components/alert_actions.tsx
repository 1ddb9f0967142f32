import type { Alert } from "@/data/feed";
import { ActionLink, ActionLinks } from "./action_link";

/** What may be done about an open alert. */
export function AlertActions({ alert }: { alert: Alert }) {
  const values = { alert: String(alert.id) };
  const isOfDeletions = alert.kind === "deletions_held";
  return (
    <ActionLinks>
      {!alert.acknowledgedBy && (
        <ActionLink action="acknowledge_alert" values={values} isComplete>
          Acknowledge
        </ActionLink>
      )}
      {isOfDeletions && (
        <ActionLink action="resolve_deletions" values={{ ...values, accept: "true" }} isComplete>
          Delete what is held back
        </ActionLink>
      )}
      {isOfDeletions && alert.subject !== "contacts" && (
        <ActionLink action="resolve_deletions" values={{ ...values, accept: "false" }} isComplete>
          Keep it
        </ActionLink>
      )}
    </ActionLinks>
  );
}
