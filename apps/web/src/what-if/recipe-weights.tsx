import { type RecipeSettings, recipeText } from "@lora/jobs";
import type { JSX } from "preact";
import { WEIGHTS } from "./recipe-text.ts";
import { Slider } from "./slider.tsx";

interface RecipeWeightsProps {
  readonly settings: RecipeSettings;
  readonly hasBase: boolean;
  readonly onText: (text: string) => void;
}

/** What a direction is compared with, and how much that counts. */
export function RecipeWeights({ settings, hasBase, onText }: RecipeWeightsProps): JSX.Element {
  const weights = hasBase ? WEIGHTS : WEIGHTS.slice(0, 3);
  return (
    <>
      <p class="quiet small">Each direction is scored by its σ, compared with:</p>
      {weights.map(([key, hint]) => (
        <Slider
          key={key}
          label={key}
          hint={hint}
          value={settings.weights[key]}
          min={0}
          max={1}
          step={0.05}
          onInput={(value) =>
            onText(recipeText({ ...settings, weights: { ...settings.weights, [key]: value } }))
          }
        />
      ))}
    </>
  );
}
