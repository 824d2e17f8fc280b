import type { EngineOptions } from "@lora/linalg";
import type { Delta } from "../delta.ts";
import type { FactorProducts } from "../factor-products.ts";
import { factorProducts } from "../factor-products.ts";
import { KroneckerDelta } from "../kronecker-delta.ts";

/** The products of the stored factors of two updates, through small ones where both are Kronecker products of such blocks. */
export function productsOf(a: Delta, b: Delta, options: EngineOptions): FactorProducts {
  return a instanceof KroneckerDelta && b instanceof KroneckerDelta && a.hasBlocksOf(b)
    ? a.factorProducts(b)
    : factorProducts(a.storedFactors(), b.storedFactors(), options);
}
