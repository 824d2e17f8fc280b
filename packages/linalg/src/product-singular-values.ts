import type { EngineOptions } from "./engine.ts";
import type { AnyMatrix } from "./matrix.ts";
import { productCore } from "./product-core.ts";
import { referenceEngine } from "./reference-engine.ts";
import { singularValues } from "./svd.ts";

/**
 * The singular values of `b · a` alone, descending: those of `productSvd`, without a vector of it. Neither factor is
 * multiplied with anything but itself where its columns (of b, rows of a) are not nearly dependent.
 *
 * @throws LoraError SHAPE when the inner sizes differ; NUMERIC when an entry is not finite
 */
export function productSingularValues(
  b: AnyMatrix,
  a: AnyMatrix,
  { engine = referenceEngine }: EngineOptions = {},
): Float64Array {
  return singularValues(productCore(engine, b, a, 0).core, { engine });
}
