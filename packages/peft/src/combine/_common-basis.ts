import type { Engine, EngineOptions, Float64Matrix, Matrix } from "@lora/linalg";
import {
  choleskyQr2,
  columns,
  gram,
  multiply,
  referenceEngine,
  scaledColumns,
  stackColumns,
  strided,
  symmetricEigen,
  toFloat64,
} from "@lora/linalg";

/** A direction of which less than this is new lies in the span of the others: below the rounding of f32. */
const LEAST_NEW = 2 ** -26;

/** An orthonormal basis of the columns of several matrices that each have orthonormal columns. */
export function commonBasis(
  frames: readonly Matrix[],
  { engine = referenceEngine }: EngineOptions,
): Float64Matrix {
  let basis = toFloat64(frames[0]!);
  for (const frame of frames.slice(1)) {
    if (basis.cols >= basis.rows) break;
    const rest = without(basis, without(basis, frame, engine), engine);
    const { values, vectors } = symmetricEigen(gram(rest, { engine }), { engine });
    const kept = [...values.keys()]
      .filter((i) => values[i]! > LEAST_NEW ** 2)
      .slice(0, basis.rows - basis.cols);
    if (kept.length === 0) continue;
    const roots = kept.map((i) => 1 / Math.sqrt(values[i]!));
    const found = multiply(rest, scaledColumns(columns(vectors, kept), roots), { engine });
    // Directions of which little was new have rounding of the others in them.
    basis = stackColumns([basis, choleskyQr2(without(basis, found, engine), { engine }).q]);
  }
  return basis;
}

/** x − basis·basisᵀ·x */
function without(basis: Matrix, x: Matrix, engine: Engine): Matrix {
  const along = multiply(basis, x, { transA: true, engine });
  const rest = { ...x, data: Float64Array.from(x.data) };
  engine.gemm({ a: strided(basis), b: strided(along), c: strided(rest), alpha: -1, add: true });
  return rest;
}
