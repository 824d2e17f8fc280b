import { LoraError } from "@lora/tensor";
import { transpose } from "./arrange.ts";
import { checkMatrix } from "./check-matrix.ts";
import type { Engine } from "./engine.ts";
import type { Float64Matrix } from "./float64-matrix.ts";
import type { AnyMatrix } from "./matrix.ts";
import { multiply } from "./multiply.ts";
import { strided, transposed } from "./ops/strided.ts";
import { refuseNonFinite } from "./refuse-non-finite.ts";
import type { TallFrame } from "./tall-frame.ts";
import { tallFrame } from "./tall-frame.ts";
import { wideMatrix } from "./wide-matrix.ts";
import { thinQr } from "./thin-qr.ts";

/** b · a = (orthonormal columns of left) · core · (orthonormal columns of right)ᵀ. */
export interface ProductCore {
  readonly left: TallFrame;
  readonly right: TallFrame;
  /** At most r × r: has the singular values of the product. */
  readonly core: Float64Matrix;
}

/**
 * Brings a product of thin factors down to r × r.
 *
 * @throws LoraError SHAPE when the inner sizes differ; NUMERIC when an entry is not finite
 */
export function productCore(engine: Engine, b: AnyMatrix, a: AnyMatrix, tolerance: number): ProductCore {
  checkMatrix(b, "b");
  checkMatrix(a, "a");
  if (b.cols !== a.rows) {
    throw new LoraError(
      "SHAPE",
      `the inner sizes of b · a differ: ${b.rows} × ${b.cols} and ${a.rows} × ${a.cols}`,
      { b: [b.rows, b.cols], a: [a.rows, a.cols] },
    );
  }
  const left = tallFrame(engine, strided(b), tolerance) ?? reflected(engine, b, "b");
  const right = tallFrame(engine, transposed(strided(a)), tolerance) ?? reflected(engine, a, "a");
  return { left, right, core: multiply(left.triangle, right.triangle, { transB: true, engine }) };
}

/** The frame of b, or of aᵀ, that stands every matrix. It alone looks for values that are not finite: no other takes them. */
function reflected(engine: Engine, given: AnyMatrix, name: "a" | "b"): TallFrame {
  const x = wideMatrix(given);
  refuseNonFinite(x, name);
  const { q, r } = thinQr(name === "b" ? x : transpose(x), { engine });
  return { base: strided(q), triangle: r, ofItself: false };
}
