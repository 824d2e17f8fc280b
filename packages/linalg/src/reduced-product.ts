import type { Engine } from "./engine.ts";
import type { Float64Matrix } from "./float64-matrix.ts";
import type { AnyMatrix } from "./matrix.ts";
import { multiply } from "./multiply.ts";
import { norm } from "./ops/norm.ts";
import { strided, transposed } from "./ops/strided.ts";
import { valuesOf } from "./symmetric-eigen.ts";
import { factorOfGram } from "./tall-frame.ts";
import type { TridiagonalForm } from "./tridiagonalise.ts";
import { tridiagonalise } from "./tridiagonalise.ts";

/** Below this size a spectrum with all its vectors costs less. */
const LEAST_SIZE = 20;

/** The least singular value, beside the norms of the factors, of which a Gram matrix of them leaves enough digits. */
const LEAST_RATIO = 2 ** -20;

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
  const r = b.cols;
  if (r < LEAST_SIZE || b.rows < r || a.cols < r) return undefined;
  const [left, right] = [engine.gram(strided(b)), engine.gram(transposed(strided(a)))];
  return reducedOfGrams(engine, { left, right, rows: b.rows, cols: a.cols }, reduction);
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
  { left, right, rows, cols }: FactorGrams,
  { gain, tolerance }: Reduction,
): ReducedProduct | undefined {
  const r = left.cols;
  if (r < LEAST_SIZE || rows < r) return undefined;
  const triangle = factorOfGram(engine, right, { rows: cols, tolerance });
  if (triangle === undefined) return undefined;
  const half = multiply(triangle, left, { transA: true, alpha: gain * gain, engine });
  const inner = multiply(half, triangle, { engine });
  // Not finite where b is not, and then no value passes.
  const size = Math.abs(gain) * Math.sqrt(norm(left.data)) * norm(triangle.data);
  if (!(size < Infinity)) return undefined;
  const form = tridiagonalise(engine, inner);
  const squares = valuesOf(form);
  if (!(squares[r - 1] > (LEAST_RATIO * size) ** 2)) return undefined;
  return {
    s: squares.map(Math.sqrt),
    triangle,
    form,
    gain,
    size,
    least: Math.sqrt(Number.EPSILON / tolerance) * size,
  };
}
