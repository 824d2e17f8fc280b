import { LoraError } from "@lora/tensor";
import { Ranking } from "./_ranking.ts";
import type { ModuleSpectrum, RankContext } from "./_rule.ts";

const MIB = 2 ** 20;

/** Which pairs were kept and the score that decided. */
export interface SizedSelection {
  readonly kept: number[][];
  readonly threshold: number;
}

/** The largest count in 0 … `most` for which `fits` holds, given that it holds for 0 and turns false once. */
function largestThatFits(most: number, fits: (count: number) => boolean): number {
  let [low, high] = [0, most];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (fits(middle)) low = middle;
    else high = middle - 1;
  }
  return low;
}

/**
 * Keeps the longest run of best pairs whose file is not larger than `sizeMiB`. Asks for O(log pairs) sizes.
 *
 * @throws LoraError USAGE when the file is larger even with no pair
 */
export function selectBySize(
  sizeMiB: number,
  scores: readonly Float64Array[],
  spectra: readonly ModuleSpectrum[],
  context: RankContext,
): SizedSelection {
  const target = Math.floor(sizeMiB * MIB);
  const ranking = new Ranking(scores, spectra);
  const bytes = (count: number): number => {
    const ranks = spectra.map(() => 0);
    ranking.best(count, (module) => (ranks[module]! += 1));
    return context.fileBytes(ranks);
  };
  const least = bytes(0);
  if (least > target) {
    throw new LoraError(
      "USAGE",
      `the file takes ${least} bytes without any pair, size=${sizeMiB} allows ${target}`,
      {
        least,
        target,
        advice: `give a size above ${(least / MIB).toPrecision(3)} MiB`,
      },
    );
  }
  const count = largestThatFits(ranking.count, (middle) => bytes(middle) <= target);
  const kept: number[][] = spectra.map(() => []);
  ranking.best(count, (module, index) => kept[module]!.push(index));
  return { kept, threshold: count === ranking.count ? -Infinity : ranking.lastScore(count) };
}
