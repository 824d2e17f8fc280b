import type { ReducedProduct } from "@lora/linalg";

/** How far the square of a value may be off, beside itself, for pairs to be chosen by it. */
const MOST_DOUBT = 1e-4;

/**
 * Whether values that are not exact tell which pairs are kept: where a rule cuts, at the least value that stays and the largest that
 * goes, they are off by 5 · 10⁻⁵ of themselves at most.
 *
 * @param kept indices of values, ascending
 */
export function tellsPairs(
  { s, uncertainty }: Pick<ReducedProduct, "s" | "uncertainty">,
  kept: readonly number[],
): boolean {
  const staying = new Set(kept);
  const least = s[kept.at(-1) ?? 0]!;
  const largest = s.find((_, index) => !staying.has(index)) ?? least;
  return uncertainty <= MOST_DOUBT * Math.min(least, largest) ** 2;
}
