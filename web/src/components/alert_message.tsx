import type { ReactNode } from "react";
import { alertText } from "./alert_text";
import { ForAdministrator } from "./for_administrator";

/** An open alert: which and since when, then what it says; commands are folded away. */
export function AlertMessage({ detail, children }: { detail: string; children: ReactNode }) {
  const { sentence, forAdministrator } = alertText(detail);
  return (
    <div className="message bad" role="alert">
      {children} {sentence}
      <ForAdministrator text={forAdministrator} />
    </div>
  );
}
