import type { Engine, GramSums } from "./engine.ts";
import type { Float64Matrix } from "./float64-matrix.ts";
import type { AnyMatrix } from "./matrix.ts";
import { gramOfRuns, roundoffOfRuns } from "./gram-run.ts";
import { multiply } from "./multiply.ts";
import { norm } from "./ops/norm.ts";
import { strided, transposed } from "./ops/strided.ts";
import { valuesOf } from "./symmetric-eigen.ts";
import { factorOfGram, roundoffOfSums } from "./tall-frame.ts";
import type { TridiagonalForm } from "./tridiagonalise.ts";
import { tridiagonalise } from "./tridiagonalise.ts";

/** Below this size a spectrum with all its vectors costs less. */
const LEAST_SIZE = 20;

/** The least singular value, beside the norms of the factors, of which a Gram matrix of them leaves enough digits. */
const LEAST_RATIO = 2 ** -20;

/** Squared lengths whose products f32 holds: what it rounds to 0, or to few digits, is less than its rounding of others. */
const [LEAST_SQUARE, MOST_SQUARE] = [2 ** -100, 2 ** 100];

/**
 * gain · b · a = t · qᵀ without either: a·aᵀ = l·lᵀ, and h is what makes T = hᵀ·(gain·b·l)ᵀ·(gain·b·l)·h tridiagonal. Then
 * q = aᵀ·l⁻ᵀ·h has orthonormal columns, t = gain·b·l·h, and T = tᵀ·t. An eigenvector y of T is a singular pair: v = q·y and
 * u = t·y / σ with σ² its value.
 */
export interface ReducedProduct {
  /** Descending. */
  readonly s: Float64Array;
  /** l, r × r, lower triangular. */
  readonly triangle: Float64Matrix;
  /** T and h. */
  readonly form: TridiagonalForm;
  readonly gain: number;
  /** ‖gain · b‖·‖a‖ or somewhat more: that of b in the norm of 4th powers of its values, that of a in Frobenius'. */
  readonly size: number;
  /** How far the square of a value may be off: 2⁻⁵²·size², or after sums in runs as `gramOfRuns` tells. */
  readonly uncertainty: number;
  /** From this value on vectors are as near to orthonormal as was asked for. */
  readonly least: number;
}

/** How a product is reduced. */
export interface Reduction {
  /** Not 0. */
  readonly gain: number;
  /** How far vectors may be from orthonormal. */
  readonly tolerance: number;
}

/**
 * Reduces a product whose factors are well enough conditioned for their Gram matrices to tell the spectrum: an absolute error of
 * r·2⁻⁵³·(‖b‖·‖a‖)² in σ², and so of 2⁻³³·‖b‖·‖a‖ in the least value that passes.
 *
 * @param b m × r with m ≥ r
 * @param a r × n with n ≥ r
 * @returns `undefined` where they are not, or too small for it to pay
 */
export function reducedProduct(
  engine: Engine,
  b: AnyMatrix,
  a: AnyMatrix,
  reduction: Reduction,
): ReducedProduct | undefined {
  const grams = gramsOf(engine, b, a, {});
  return grams && reducedOfGrams(engine, grams, reduction);
}

/**
 * The same from Gram matrices that are summed in runs of f32: values that are lost in their uncertainty may be any, down to 0.
 *
 * @returns `undefined` also where squares leave the range of f32
 */
export function reducedInRuns(
  engine: Engine,
  b: AnyMatrix,
  a: AnyMatrix,
  reduction: Reduction,
): ReducedProduct | undefined {
  const grams = gramsOf(engine, b, a, { inRuns: true });
  if (grams === undefined || !isInRange(grams.left) || !isInRange(grams.right)) return undefined;
  const [left, right] = [gramOfRuns(grams.left, grams.rows), gramOfRuns(grams.right, grams.cols)];
  const roundoff = roundoffOfRuns(grams.cols);
  const uncertainty = left.error * right.size + left.size * right.error;
  return reducedWith(engine, grams, { ...reduction, roundoff, uncertainty });
}

function gramsOf(engine: Engine, b: AnyMatrix, a: AnyMatrix, sums: GramSums): FactorGrams | undefined {
  const r = b.cols;
  if (r < LEAST_SIZE || b.rows < r || a.cols < r) return undefined;
  const [left, right] = [engine.gram(strided(b), sums), engine.gram(transposed(strided(a)), sums)];
  return { left, right, rows: b.rows, cols: a.cols };
}

function isInRange({ data, cols }: Float64Matrix): boolean {
  for (let at = 0; at < data.length; at += cols + 1) {
    if (!(data[at] > LEAST_SQUARE && data[at] < MOST_SQUARE)) return false;
  }
  return true;
}

/** The Gram matrices of the factors of a product b · a: all that its singular values follow from. */
export interface FactorGrams {
  /** bᵀ·b */
  readonly left: Float64Matrix;
  /** a·aᵀ */
  readonly right: Float64Matrix;
  /** m */
  readonly rows: number;
  /** n */
  readonly cols: number;
}

/** `reducedProduct` of factors that nobody has to form. */
export function reducedOfGrams(
  engine: Engine,
  grams: FactorGrams,
  reduction: Reduction,
): ReducedProduct | undefined {
  const { left, rows, cols } = grams;
  if (left.cols < LEAST_SIZE || rows < left.cols) return undefined;
  const roundoff = roundoffOfSums(cols);
  const reduced = reducedWith(engine, grams, { ...reduction, roundoff });
  return reduced && reduced.s.at(-1)! > LEAST_RATIO * reduced.size ? reduced : undefined;
}

/** How exact Gram matrices are. */
interface GramErrors {
  /** Of an entry, beside the lengths of its columns. */
  readonly roundoff: number;
  /** Of the square of a value without the gain; left out, 2⁻⁵² of the square of the size. */
  readonly uncertainty?: number | undefined;
}

function reducedWith(
  engine: Engine,
  { left, right, cols }: FactorGrams,
  { gain, tolerance, roundoff, uncertainty }: Reduction & GramErrors,
): ReducedProduct | undefined {
  const triangle = factorOfGram(engine, right, { rows: cols, tolerance, roundoff });
  if (triangle === undefined) return undefined;
  const half = multiply(triangle, left, { transA: true, alpha: gain * gain, engine });
  const inner = multiply(half, triangle, { engine });
  // Not finite where b is not.
  const size = Math.abs(gain) * Math.sqrt(norm(left.data)) * norm(triangle.data);
  if (!(size < Infinity)) return undefined;
  const doubt = uncertainty === undefined ? Number.EPSILON * size * size : gain * gain * uncertainty;
  const form = tridiagonalise(engine, inner);
  return {
    s: valuesOf(form).map((square) => Math.sqrt(Math.max(0, square))),
    triangle,
    form,
    gain,
    size,
    uncertainty: doubt,
    least: Math.sqrt(doubt / tolerance),
  };
}
