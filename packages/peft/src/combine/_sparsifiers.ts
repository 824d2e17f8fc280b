import { demand, densityOf } from "./_demand.ts";
import type { CombineOptions, Sparsifier } from "./_method.ts";

/** Shares of the entries that go, the smallest and the largest. */
export function bySize(shares: { readonly smallest: number; readonly largest: number }): Sparsifier {
  return { by: "size", ...shares };
}

/** The density stays; what goes for being large, `outliers` (0.01 when left out), is part of what goes. */
export function withoutEnds(options: CombineOptions): Sparsifier {
  const density = densityOf(options);
  const { outliers = 0.01 } = options;
  demand("outliers", outliers, {
    holds: outliers >= 0 && outliers <= 1 - density,
    rule: `at least 0 and at most ${1 - density}, what the density leaves`,
  });
  return bySize({ smallest: 1 - density - outliers, largest: outliers });
}

/** The same chance for every entry. */
export function evenChance(density: number): Sparsifier {
  return {
    by: "chance",
    chances: (_, into) => {
      into.fill(density);
    },
  };
}

/**
 * A chance from density − ε for the smallest entry of a row to density + ε for its largest; equal entries have the
 * chance of the smallest place among them. ε is 0.15 when left out, less where the density is nearer to 0 or 1.
 */
export function chanceByRank(options: CombineOptions): Sparsifier {
  const density = densityOf(options);
  const { epsilon = Math.min(0.15, density / 2, 1 - density) } = options;
  demand("epsilon", epsilon, {
    holds: epsilon >= 0 && density - epsilon > 0 && density + epsilon <= 1,
    rule: `at least 0, below ${density} and at most ${1 - density}`,
  });
  return {
    by: "chance",
    chances(row, into) {
      const sorted = row.map(Math.abs).sort();
      const step = row.length > 1 ? (2 * epsilon) / (row.length - 1) : 0;
      const first = row.length > 1 ? density - epsilon : density;
      for (let j = 0; j < row.length; j++) into[j] = first + step * placeOf(Math.abs(row[j]!), sorted);
    },
  };
}

/** How many of the values are smaller. */
function placeOf(value: number, sorted: Float32Array): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
