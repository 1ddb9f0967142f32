import { configuration } from "@/config/configuration";
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

/** A sentence of explain(), word for word: each rule behind its words, as (rule R5), leads to its text. */
export function Sentence({ text }: { text: string }) {
  const url = rulesUrl();
  return text.split(/(?<=\(rule )(R\d+)(?=\))/).map((part, n) =>
    url && isRule(part) ? (
      <a key={n} href={`${url}#${rules[part].anchor}`} title={rules[part].name}>
        {part}
      </a>
    ) : (
      <span key={n}>{part}</span>
    ),
  );
}
