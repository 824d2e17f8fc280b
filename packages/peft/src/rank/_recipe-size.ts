import { LoraError } from "@lora/tensor";
import type { ModuleSpectrum, RankContext } from "./_rule.ts";

const MIB = 2 ** 20;

interface Pair {
  readonly module: number;
  readonly index: number;
  readonly score: number;
}

/** Which pairs were kept and the score that decided. */
export interface SizedSelection {
  readonly kept: number[][];
  readonly threshold: number;
}

/** All pairs with σ > 0, best first; equal scores in the order of the modules, then of the indices. */
function ranking(scores: readonly Float64Array[], spectra: readonly ModuleSpectrum[]): Pair[] {
  const pairs: Pair[] = [];
  spectra.forEach((spectrum, module) => {
    scores[module]?.forEach((score, index) => {
      if ((spectrum.s[index] ?? 0) > 0) pairs.push({ module, index, score });
    });
  });
  // Not b − a: that is NaN for two infinities. The sort is stable, which breaks ties.
  return pairs.sort((a, b) => (a.score === b.score ? 0 : a.score < b.score ? 1 : -1));
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
  const pairs = ranking(scores, spectra);
  const bytes = (count: number): number => {
    const ranks = spectra.map(() => 0);
    for (const { module } of pairs.slice(0, count)) ranks[module] = (ranks[module] ?? 0) + 1;
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
  const count = largestThatFits(pairs.length, (middle) => bytes(middle) <= target);
  const kept: number[][] = spectra.map(() => []);
  for (const { module, index } of pairs.slice(0, count)) kept[module]?.push(index);
  for (const indices of kept) indices.sort((a, b) => a - b);
  const threshold = count === pairs.length ? -Infinity : (pairs[count - 1]?.score ?? Infinity);
  return { kept, threshold };
}
