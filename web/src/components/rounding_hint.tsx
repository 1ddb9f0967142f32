import { minute, type Unit } from "@/range/hours_unit";
import { RuleLink } from "./rule_link";

/** Below a table of hours: why another may show a little more or less. */
export function RoundingHint({ unit }: { unit: Unit }) {
  return (
    <p className="hint">
      Hours are rounded table by table, so that each adds up; elsewhere the same hours may differ by{" "}
      {unit === minute ? "a minute" : "0.01"}: <RuleLink rule="R12" />
    </p>
  );
}
