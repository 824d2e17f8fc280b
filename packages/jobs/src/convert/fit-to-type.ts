import { type Float64Matrix, maxAbs, scaled } from "@lora/linalg";
import type { DType } from "@lora/tensor";

/** Factors of a product; scaling one by a power of two and the other by its inverse changes nothing. */
interface Pair {
  readonly up: Float64Matrix;
  readonly down: Float64Matrix;
}

/** Values of f16 with all their bits are between these, with room for what training on adds. */
const LARGEST = 2 ** 15;
const SMALLEST = 2 ** -10;

/**
 * Factors that fit the range of f16: where the largest value of one is near the end of it, both are brought to the same
 * size by a power of two, which is exact.
 *
 * @returns the exponent by which up was multiplied, too; 0 where nothing was to be done
 */
export function fitToType(pair: Pair, dtype: DType): Pair & { readonly exponent: number } {
  const [up, down] = [maxAbs(pair.up), maxAbs(pair.down)];
  const fits = (value: number): boolean => value === 0 || (value >= SMALLEST && value <= LARGEST);
  if (dtype !== "f16" || up === 0 || down === 0 || (fits(up) && fits(down))) return { ...pair, exponent: 0 };
  const exponent = Math.round(Math.log2(down / up) / 2);
  if (exponent === 0) return { ...pair, exponent };
  return { up: scaled(pair.up, 2 ** exponent), down: scaled(pair.down, 2 ** -exponent), exponent };
}
