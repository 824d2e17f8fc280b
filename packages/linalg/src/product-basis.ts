import type { EngineOptions } from "./engine.ts";
import type { AnyMatrix } from "./matrix.ts";
import type { ProductSpectrum, ProductSpectrumOptions } from "./product-spectrum.ts";
import { DIGITS_OF_SINGLE, productSpectrum } from "./product-spectrum.ts";
import type { FactorGrams, ReducedProduct } from "./reduced-product.ts";
import { reducedInRuns, reducedOfGrams, reducedProduct } from "./reduced-product.ts";
import { referenceEngine } from "./reference-engine.ts";

/** The rounding of what is stored as f16. */
const DIGITS_OF_HALF = 2 ** -11;

/** The singular values of a product, and what its pairs are made of: all of them, or a form that gives those that are asked for. */
export type ProductBasis = ProductSpectrum | ReducedProduct;

/**
 * The singular values of `gain · b · a`, from the Gram matrices of the factors, and what `pairsOf` makes vectors of: about half the
 * work of `productSpectrum` where few pairs are wanted. Factors that are badly conditioned or of rank below 20 are decomposed
 * by that.
 *
 * Values are exact to the tolerance times ‖b‖·‖a‖, and relatively as long as they are not far below it.
 *
 * @param b m × r (LoRA "up", `lora_B`)
 * @param a r × n (LoRA "down", `lora_A`)
 * @throws LoraError SHAPE when the inner sizes differ; NUMERIC when an entry is not finite
 */
export function productBasis(b: AnyMatrix, a: AnyMatrix, options: ProductSpectrumOptions = {}): ProductBasis {
  const { engine = referenceEngine, tolerance = DIGITS_OF_SINGLE, gain = 1 } = options;
  const reduction = { gain, tolerance };
  const reduced =
    tolerance > 0 && b.cols === a.rows && gain !== 0 ? reducedProduct(engine, b, a, reduction) : undefined;
  return reduced ?? productSpectrum(b, a, { engine, tolerance, gain });
}

/**
 * The same to the digits of sixteen bits, for factors of 32 bits or less: their Gram matrices are summed in runs of f32, in half
 * the time. The squares of all values are exact to `uncertainty`, and vectors of values from `least` on to 2⁻¹¹.
 *
 * @returns `undefined` where Gram matrices do not tell that much, or r < 20: `productBasis` does
 */
export function productBasisInRuns(
  b: AnyMatrix,
  a: AnyMatrix,
  { engine = referenceEngine, gain = 1 }: Omit<ProductSpectrumOptions, "tolerance"> = {},
): ReducedProduct | undefined {
  if (b.cols !== a.rows || gain === 0) return undefined;
  return reducedInRuns(engine, b, a, { gain, tolerance: DIGITS_OF_HALF });
}

/**
 * The same of a product whose factors are told by their Gram matrices alone, which may be known where the factors are large: those
 * of a Kronecker product are Kronecker products of small ones. O(r³).
 *
 * @returns `undefined` where these do not tell all values, or r < 20: `productBasis` of the factors does
 */
export function productBasisOfGrams(
  grams: FactorGrams,
  { engine = referenceEngine }: EngineOptions = {},
): ReducedProduct | undefined {
  return reducedOfGrams(engine, grams, { gain: 1, tolerance: DIGITS_OF_SINGLE });
}
