import type { AdapterModule, ConversionPlan } from "@lora/peft";
import type { WantedScale } from "./convert-module.ts";

/**
 * What readers of the new file multiply with. Where it is one number for all modules, the one that most of them have, so
 * that the fewest are folded.
 *
 * @param isUniform readers expect one scale although the dialect has a place for more
 */
export function wantedScale({ writer, modules }: ConversionPlan, isUniform: boolean): WantedScale {
  const sources = modules.flatMap(({ slots }) => slots.map(({ module }) => module));
  switch (writer.scales) {
    case "none":
      return { kind: "scale", value: 1 };
    case "one-scale":
      return { kind: "scale", value: mostFrequent(sources, ({ scale }) => scale) };
    case "one-alpha":
      // It is stored in f32, and none below 0 is read.
      return {
        kind: "alpha",
        value: Math.fround(mostFrequent(sources, ({ scale, rank }) => Math.abs(scale * rank))),
      };
    default:
      return isUniform
        ? { kind: "scale", value: mostFrequent(sources, ({ scale }) => scale) }
        : { kind: "own" };
  }
}

function mostFrequent(modules: readonly AdapterModule[], valueOf: (module: AdapterModule) => number): number {
  const counts = new Map<number, number>();
  for (const module of modules) counts.set(valueOf(module), (counts.get(valueOf(module)) ?? 0) + 1);
  const [best] = [...counts].sort((a, b) => b[1] - a[1] || b[0] - a[0]);
  return best?.[0] ?? 1;
}
