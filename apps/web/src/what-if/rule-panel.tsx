import type { JSX } from "preact";
import { RecipePanel } from "./recipe-panel.tsx";
import type { Rule, Settings } from "./settings.ts";
import { Slider } from "./slider.tsx";

interface RulePanelProps {
  readonly settings: Settings;
  /** Of the file as it is. */
  readonly mostRank: number;
  readonly mostMiB: number;
  readonly hasBase: boolean;
  readonly onChange: (change: Partial<Settings>) => void;
}

const RULES: readonly (readonly [rule: Rule, title: string])[] = [
  ["energy", "Energy"],
  ["rank", "Rank"],
  ["error", "Error"],
  ["recipe", "Recipe"],
];

/** What ranks are chosen by, and the sliders of that. */
export function RulePanel({ settings, mostRank, mostMiB, hasBase, onChange }: RulePanelProps): JSX.Element {
  const { rule, energy, rank, error, recipe, dtype } = settings;
  return (
    <div class="rule-panel">
      <fieldset class="rules">
        <legend>Choose ranks by</legend>
        {RULES.map(([id, title]) => (
          <label key={id}>
            <input
              type="radio"
              name="what-if-rule"
              checked={rule === id}
              onChange={() => onChange({ rule: id })}
            />
            {title}
          </label>
        ))}
      </fieldset>
      {rule === "energy" && (
        <Slider
          label="Energy each module keeps"
          value={energy}
          min={0.3}
          max={1}
          step={0.005}
          onInput={(value) => onChange({ energy: value })}
        />
      )}
      {rule === "rank" && (
        <Slider
          label="Rank of every module"
          value={rank}
          min={1}
          max={mostRank}
          step={1}
          onInput={(value) => onChange({ rank: value })}
        />
      )}
      {rule === "error" && (
        <Slider
          label="Largest relative error of a module"
          value={error}
          min={0}
          max={0.9}
          step={0.01}
          onInput={(value) => onChange({ error: value })}
        />
      )}
      {rule === "recipe" && (
        <RecipePanel
          text={recipe}
          mostMiB={mostMiB}
          hasBase={hasBase}
          onText={(text) => onChange({ recipe: text })}
        />
      )}
      <label class="stored">
        Store as
        <select
          value={dtype}
          onChange={({ currentTarget }) => onChange({ dtype: currentTarget.value as Settings["dtype"] })}
        >
          <option value="">as they are</option>
          <option>f16</option>
          <option>bf16</option>
          <option>f32</option>
        </select>
      </label>
    </div>
  );
}
