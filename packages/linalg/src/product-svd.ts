import type { EngineOptions } from "./engine.ts";
import type { AnyMatrix, Svd } from "./matrix.ts";
import { productCore } from "./product-core.ts";
import { referenceEngine } from "./reference-engine.ts";
import { svd } from "./svd.ts";
import { onBase } from "./tall-frame.ts";

/**
 * Singular value decomposition of `b · a` without forming the product: O((m + n)·r²) operations. For a sum of
 * products stack the factors: `productSvd(stackColumns([b₁, b₂]), stackRows([a₁, a₂]))`.
 *
 * @param b m × r (LoRA "up", `lora_B`)
 * @param a r × n (LoRA "down", `lora_A`)
 * @returns k = min(m, r, n) values in the units of b·a, each within c·r·2⁻⁵²·‖b‖₂·‖a‖₂
 * @throws LoraError SHAPE when the inner sizes differ; NUMERIC when an entry is not finite
 * @see `tallFrame` for how the factors are made orthonormal; the oracle of the test: `svd` of the product, and
 *   numpy.linalg.svd
 */
export function productSvd(
  b: AnyMatrix,
  a: AnyMatrix,
  { engine = referenceEngine }: EngineOptions = {},
): Svd {
  const { left, right, core } = productCore(engine, b, a, 0);
  const { u, s, v } = svd(core, { engine });
  return { u: onBase(engine, left, u), s, v: onBase(engine, right, v) };
}
