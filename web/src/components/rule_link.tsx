import { configuration } from "@/config/configuration";
import { plainSentence } from "./codes";
import { isRule, type Rule, rules } from "./rules";

/** The page with all rules, or null where no address of the documentation is configured. */
export function rulesUrl(): string | null {
  const { docsUrl } = configuration();
  return docsUrl && `${docsUrl}/rules.md`;
}

/** A rule by its name and number, leading to its text. */
export function RuleLink({ rule }: { rule: Rule }) {
  const url = rulesUrl();
  const text = `${rules[rule].name} (rule ${rule})`;
  return url ? <a href={`${url}#${rules[rule].anchor}`}>{text}</a> : <>{text}</>;
}

/** A sentence of explain(): each rule that it cites is a link, and its codes are words. */
export function Sentence({ text }: { text: string }) {
  return text
    .split(/\b(R\d+)\b/)
    .map((part, n) => (isRule(part) ? <RuleLink key={n} rule={part} /> : <span key={n}>{plainSentence(part)}</span>));
}
