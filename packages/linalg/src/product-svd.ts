import { LoraError } from "@lora/tensor";
import { transpose } from "./arrange.ts";
import { qrOfFinite } from "./cholesky-qr2.ts";
import type { EngineOptions } from "./engine.ts";
import type { Matrix, Svd } from "./matrix.ts";
import { multiply } from "./multiply.ts";
import { referenceEngine } from "./reference-engine.ts";
import { refuseNonFinite } from "./refuse-non-finite.ts";
import { svd } from "./svd.ts";

/**
 * Singular value decomposition of `b · a` without forming the product: O((m + n)·r²) operations. For a sum of
 * products stack the factors: `productSvd(stackColumns([b₁, b₂]), stackRows([a₁, a₂]))`.
 *
 * @param b m × r (LoRA "up", `lora_B`)
 * @param a r × n (LoRA "down", `lora_A`)
 * @returns k = min(m, r, n) values in the units of b·a, each within c·r·2⁻⁵²·‖b‖₂·‖a‖₂
 * @throws LoraError SHAPE when the inner sizes differ; NUMERIC when an entry is not finite
 * @see the oracle of the test: `svd` of the product, and numpy.linalg.svd
 */
export function productSvd(b: Matrix, a: Matrix, { engine = referenceEngine }: EngineOptions = {}): Svd {
  refuseNonFinite(b, "b");
  refuseNonFinite(a, "a");
  if (b.cols !== a.rows) {
    throw new LoraError(
      "SHAPE",
      `the inner sizes of b · a differ: ${b.rows} × ${b.cols} and ${a.rows} × ${a.cols}`,
      { b: [b.rows, b.cols], a: [a.rows, a.cols] },
    );
  }
  const left = qrOfFinite(engine, b); // b = left.q · left.r
  const right = qrOfFinite(engine, transpose(a)); // aᵀ = right.q · right.r
  const core = svd(multiply(left.r, right.r, { transB: true, engine }), { engine });
  return {
    u: multiply(left.q, core.u, { engine }),
    s: core.s,
    v: multiply(right.q, core.v, { engine }),
  };
}
