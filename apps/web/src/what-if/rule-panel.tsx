import type { JSX } from "preact";
import { RecipePanel } from "./recipe-panel.tsx";
import { RuleChoice } from "./rule-choice.tsx";
import type { Settings } from "./settings.ts";
import { Slider } from "./slider.tsx";
import { StoredChoice } from "./stored-choice.tsx";

interface RulePanelProps {
  readonly settings: Settings;
  /** Of the file as it is. */
  readonly mostRank: number;
  readonly mostMiB: number;
  readonly hasBase: boolean;
  readonly onChange: (change: Partial<Settings>) => void;
}

/** The rules of one number each. */
const NUMBERS = {
  energy: { label: "Energy each module keeps", min: 0.3, max: 1, step: 0.005 },
  rank: { label: "Rank of every module", min: 1, max: 1, step: 1 },
  error: { label: "Largest relative error of a module", min: 0, max: 0.9, step: 0.01 },
} as const;

/** What ranks are chosen by, and the sliders of that. */
export function RulePanel({ settings, mostRank, mostMiB, hasBase, onChange }: RulePanelProps): JSX.Element {
  const { rule, recipe, dtype } = settings;
  return (
    <div class="rule-panel">
      <RuleChoice rule={rule} onRule={(chosen) => onChange({ rule: chosen })} />
      {rule === "recipe" ? (
        <RecipePanel
          text={recipe}
          mostMiB={mostMiB}
          hasBase={hasBase}
          onText={(text) => onChange({ recipe: text })}
        />
      ) : (
        <Slider
          key={rule}
          {...NUMBERS[rule]}
          max={rule === "rank" ? mostRank : NUMBERS[rule].max}
          value={settings[rule]}
          onInput={(value) => onChange({ [rule]: value })}
        />
      )}
      <StoredChoice dtype={dtype} onType={(type) => onChange({ dtype: type })} />
    </div>
  );
}
