import type { JsonObject } from "./json-text.ts";
import { sortedObject, withFields } from "./json-text.ts";
import type { RankAndAlpha } from "./lora-scales.ts";

/** Rank and alpha of a module as written, by its path in the base model. */
export type ScalesByPath = ReadonlyMap<string, RankAndAlpha>;

/**
 * A LoRA configuration that says these ranks and alphas: `r` and `lora_alpha` are the most frequent values (the
 * larger of equally frequent ones), the patterns name every other module by its full path. All other fields stay.
 *
 * @param prefix what precedes the field names, as in diffusers' `unet.r`
 */
export function updatedScales(config: JsonObject, scales: ScalesByPath, prefix = ""): JsonObject {
  const rank = mostFrequent([...scales.values()].map((value) => value.rank));
  const usual = [...scales.values()].filter((value) => value.rank === rank);
  const alpha = mostFrequent(usual.map((value) => value.alpha));
  if (rank === undefined || alpha === undefined) return config;
  const keys = patternKeys([...scales.keys()]);
  const exceptions = (field: keyof RankAndAlpha, value: number): Record<string, number> =>
    sortedObject(
      [...scales]
        .filter((entry) => entry[1][field] !== value)
        .map(([path, entry]) => [keys.get(path)!, entry[field]]),
    );
  return withFields(config, {
    [`${prefix}r`]: rank,
    [`${prefix}lora_alpha`]: alpha,
    [`${prefix}rank_pattern`]: exceptions("rank", rank),
    [`${prefix}alpha_pattern`]: exceptions("alpha", alpha),
  });
}

/**
 * A pattern key for each path. The key is the path; where it is also the end of another path, it is anchored,
 * because PEFT matches keys against ends.
 */
function patternKeys(paths: readonly string[]): ReadonlyMap<string, string> {
  const ends = new Set(paths.flatMap((path) => properEnds(path)));
  return new Map(paths.map((path) => [path, ends.has(path) ? `^${path}` : path]));
}

/** `a.b.c` → `b.c`, `c` */
function properEnds(path: string): string[] {
  const segments = path.split(".");
  return segments.slice(1).map((_, index) => segments.slice(index + 1).join("."));
}

function mostFrequent(values: readonly number[]): number | undefined {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  const [best] = [...counts].sort((a, b) => b[1] - a[1] || b[0] - a[0]);
  return best?.[0];
}
