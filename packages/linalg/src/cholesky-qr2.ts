import { scaledColumns } from "./arrange.ts";
import { tryCholesky } from "./cholesky.ts";
import type { Engine, EngineOptions } from "./engine.ts";
import type { Float64Matrix } from "./float64-matrix.ts";
import type { Matrix } from "./matrix.ts";
import { multiply } from "./multiply.ts";
import { norm } from "./ops/norm.ts";
import { strided } from "./ops/strided.ts";
import { reciprocalPower } from "./reciprocal-power.ts";
import { referenceEngine } from "./reference-engine.ts";
import { refuseNonFinite } from "./refuse-non-finite.ts";
import type { Qr } from "./thin-qr.ts";
import { thinQr } from "./thin-qr.ts";

/** How far the Gram matrix of the first pass may be from the identity for the second to finish the work. */
const MOST_DEVIATION = 0.1;

/** Squared column lengths inside this range have neither overflowed nor lost digits. */
const [LEAST_SQUARE, MOST_SQUARE] = [2 ** -900, 2 ** 900];

/**
 * Thin QR of a tall matrix by the Cholesky factors of two Gram matrices: as accurate as Householder's, and made
 * of matrix products. Columns are first brought to about unit length, so that only their directions have to be
 * well conditioned, κ < 10⁷ or so. Where they are not, which the first pass shows, and where m < n, the result
 * is that of `thinQr`. 4·m·n² operations.
 *
 * @throws LoraError NUMERIC when an entry is not finite
 * @see Yamamoto et al., "Roundoff error analysis of the CholeskyQR2 algorithm" (2015)
 */
export function choleskyQr2(a: Matrix, { engine = referenceEngine }: EngineOptions = {}): Qr {
  refuseNonFinite(a, "a");
  return qrOfFinite(engine, a);
}

/** As `choleskyQr2`, for a matrix that was looked through. */
export function qrOfFinite(engine: Engine, a: Matrix): Qr {
  const units = a.rows < a.cols ? undefined : columnUnits(a);
  return (units && factorTwice(engine, scaledColumns(a, units), units)) ?? thinQr(a, { engine });
}

/** `undefined` where the directions of the columns are too ill conditioned. Overwrites q. */
function factorTwice(engine: Engine, q: Float64Matrix, units: Float64Array): Qr | undefined {
  const first = tryCholesky(engine, engine.gram(strided(q)));
  if (first === undefined) return undefined;
  engine.solveTriangular(q, first);
  const nearIdentity = engine.gram(strided(q));
  if (!(deviation(nearIdentity) < MOST_DEVIATION)) return undefined;
  const second = tryCholesky(engine, nearIdentity);
  if (second === undefined) return undefined;
  engine.solveTriangular(q, second);
  const r = multiply(second, first, { transA: true, transB: true, engine });
  return {
    q,
    r: scaledColumns(
      r,
      units.map((unit) => 1 / unit),
    ),
  };
}

/** Powers of two that bring the columns to about unit length; `undefined` when one is zero or out of range. */
function columnUnits({ rows, cols, data }: Matrix): Float64Array | undefined {
  const squares = new Float64Array(cols);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < cols; j++) squares[j] += data[i * cols + j] * data[i * cols + j];
  }
  const usable = squares.every((square) => square > LEAST_SQUARE && square < MOST_SQUARE);
  return usable ? squares.map((square) => reciprocalPower(Math.sqrt(square))) : undefined;
}

/** ‖g − I‖_F */
function deviation(g: Float64Matrix): number {
  const difference = g.data.slice();
  for (let i = 0; i < g.rows; i++) difference[i * g.cols + i] -= 1;
  return norm(difference);
}
