import { LoraError } from "@lora/tensor";
import type { EngineOptions } from "./engine.ts";
import type { Float64Matrix } from "./float64-matrix.ts";
import type { Matrix } from "./matrix.ts";
import { relativeTolerance } from "./matrix-rank.ts";
import { multiply } from "./multiply.ts";
import { refuseNonFinite } from "./refuse-non-finite.ts";
import { svd } from "./svd.ts";

/**
 * The x of least Frobenius norm among those that minimise ‖a·x − b‖_F, of any shape and rank: as
 * numpy.linalg.lstsq, singular values up to σ₁ · max(m, n) · ε count as zero. The cost is that of `svd`.
 *
 * @param a m × n
 * @param b m × k
 * @returns n × k
 * @throws LoraError SHAPE when the numbers of rows differ; NUMERIC when an entry is not finite
 */
export function leastSquares(a: Matrix, b: Matrix, { engine }: EngineOptions = {}): Float64Matrix {
  refuseNonFinite(a, "a");
  refuseNonFinite(b, "b");
  if (a.rows !== b.rows) {
    throw new LoraError("SHAPE", `a has ${a.rows} rows, b has ${b.rows}`, {
      a: [a.rows, a.cols],
      b: [b.rows, b.cols],
    });
  }
  const { u, s, v } = svd(a, { engine });
  const least = (s[0] ?? 0) * relativeTolerance(a);
  const coefficients = multiply(u, b, { transA: true, engine });
  s.forEach((value, i) => {
    const row = coefficients.data.subarray(i * b.cols, (i + 1) * b.cols);
    if (value > least) for (let j = 0; j < row.length; j++) row[j] /= value;
    else row.fill(0);
  });
  return multiply(v, coefficients, { engine });
}
