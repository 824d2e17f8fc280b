import { recipeText } from "@lora/jobs";
import type { JSX } from "preact";
import { useId } from "preact/hooks";
import { limitedBy, readRecipe, WEIGHTS } from "./recipe-text.ts";
import { Slider } from "./slider.tsx";

interface RecipePanelProps {
  readonly text: string;
  /** Of the file as it is, in MiB: where the slider for a size ends. */
  readonly mostMiB: number;
  readonly hasBase: boolean;
  readonly onText: (text: string) => void;
}

/** A recipe twice: as text, and as sliders that say the same. */
export function RecipePanel({ text, mostMiB, hasBase, onText }: RecipePanelProps): JSX.Element {
  const id = useId();
  const { settings, problem } = readRecipe(text);
  const weights = hasBase ? WEIGHTS : WEIGHTS.slice(0, 3);
  const bySize = settings?.sizeMiB !== undefined;
  const half = Number((mostMiB / 2).toPrecision(2));
  return (
    <div class="recipe">
      <label for={id}>Recipe</label>
      <input
        id={id}
        type="text"
        class="mono"
        spellcheck={false}
        aria-invalid={problem !== undefined}
        aria-describedby={`${id}-problem`}
        value={text}
        onInput={({ currentTarget }) => onText(currentTarget.value)}
      />
      <p id={`${id}-problem`} class="small problem" role="status">
        {problem}
      </p>
      {settings !== undefined && (
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
          <fieldset class="limit">
            <legend class="hidden-text">How much is kept</legend>
            <label>
              <input
                type="radio"
                name={id}
                checked={!bySize}
                onChange={() => onText(limitedBy(settings, "thr", settings.threshold ?? -1))}
              />
              scores from a threshold on
            </label>
            <label>
              <input
                type="radio"
                name={id}
                checked={bySize}
                onChange={() => onText(limitedBy(settings, "size", half))}
              />
              the best that fit a size
            </label>
          </fieldset>
          {bySize ? (
            <Slider
              label="Size in MiB"
              value={settings.sizeMiB}
              min={0}
              max={Number(mostMiB.toPrecision(3))}
              step={Number((mostMiB / 200).toPrecision(1))}
              onInput={(value) => onText(limitedBy(settings, "size", value))}
            />
          ) : (
            <Slider
              label="Threshold"
              hint="a power of ten"
              value={settings.threshold ?? -1}
              min={-4}
              max={1}
              step={0.05}
              onInput={(value) => onText(limitedBy(settings, "thr", value))}
            />
          )}
        </>
      )}
    </div>
  );
}
