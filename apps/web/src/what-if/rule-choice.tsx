import type { JSX } from "preact";
import type { Rule } from "./settings.ts";

interface RuleChoiceProps {
  readonly rule: Rule;
  readonly onRule: (rule: Rule) => void;
}

const RULES: readonly (readonly [rule: Rule, title: string])[] = [
  ["energy", "Energy"],
  ["rank", "Rank"],
  ["error", "Error"],
  ["recipe", "Recipe"],
];

/** What ranks are chosen by. */
export function RuleChoice({ rule, onRule }: RuleChoiceProps): JSX.Element {
  return (
    <fieldset class="rules">
      <legend>Choose ranks by</legend>
      {RULES.map(([id, title]) => (
        <label key={id}>
          <input type="radio" name="what-if-rule" checked={rule === id} onChange={() => onRule(id)} />
          {title}
        </label>
      ))}
    </fieldset>
  );
}
