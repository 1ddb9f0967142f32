import { RuleLink } from "./rule_link";

/** Below a table of hours: why another may show 0.01 more or less. */
export function RoundingHint() {
  return (
    <p className="hint">
      Hours are rounded table by table, so that each adds up; elsewhere the same hours may differ by 0.01:{" "}
      <RuleLink rule="R12" />
    </p>
  );
}
