import type { RecipeSettings } from "@lora/jobs";
import type { JSX } from "preact";
import { LimitChoice } from "./limit-choice.tsx";
import { limitedBy } from "./recipe-text.ts";
import { Slider } from "./slider.tsx";

interface RecipeLimitProps {
  readonly settings: RecipeSettings;
  /** Of the file as it is. */
  readonly mostMiB: number;
  readonly onText: (text: string) => void;
}

/** How much a recipe keeps: what scores enough, or what fits. */
export function RecipeLimit({ settings, mostMiB, onText }: RecipeLimitProps): JSX.Element {
  const { sizeMiB, threshold = -1 } = settings;
  const half = Number((mostMiB / 2).toPrecision(2));
  const most = { max: Number(mostMiB.toPrecision(3)), step: Number((mostMiB / 200).toPrecision(1)) };
  const by = (limit: "thr" | "size", value: number): void => onText(limitedBy(settings, limit, value));
  return (
    <>
      <LimitChoice
        bySize={sizeMiB !== undefined}
        onThreshold={() => by("thr", threshold)}
        onSize={() => by("size", half)}
      />
      {sizeMiB === undefined ? (
        <Slider
          label="Threshold"
          hint="a power of ten"
          value={threshold}
          min={-4}
          max={1}
          step={0.05}
          onInput={(value) => by("thr", value)}
        />
      ) : (
        <Slider
          label="Size in MiB"
          value={sizeMiB}
          min={0}
          {...most}
          onInput={(value) => by("size", value)}
        />
      )}
    </>
  );
}
