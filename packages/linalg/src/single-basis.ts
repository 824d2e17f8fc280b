import type { EngineOptions } from "./engine.ts";
import type { Matrix } from "./matrix.ts";
import { strided } from "./ops/strided.ts";
import { referenceEngine } from "./reference-engine.ts";
import { tallFrame } from "./tall-frame.ts";
import { thinQr } from "./thin-qr.ts";

/** What is lost by rounding to f32. */
const TOLERANCE = 2 ** -24;

/**
 * An orthonormal basis of the columns of a tall matrix, in f32: for the passes of an iteration that multiplies in f32,
 * where a basis in doubles would be rounded anyway. One Gram matrix in f64 and one product, 3·m·n² operations, where
 * columns are not so near to dependent that a second pass is needed; `thinQr` where they are dependent and where m < n.
 *
 * @returns q m × min(m, n), within about √m·n·2⁻²⁴ of orthonormal
 * @throws LoraError NUMERIC when an entry is not finite
 */
export function singleBasis(y: Matrix, { engine = referenceEngine }: EngineOptions = {}): Matrix {
  const frame = tallFrame(engine, strided(y), TOLERANCE);
  if (frame?.turn === undefined) {
    const { q } = thinQr(y, { engine });
    return { ...q, data: new Float32Array(q.data) };
  }
  const q = { rows: y.rows, cols: y.cols, data: new Float32Array(y.rows * y.cols) };
  engine.gemm({ a: frame.base, b: strided(frame.turn), c: strided<Matrix["data"]>(q) });
  return q;
}
