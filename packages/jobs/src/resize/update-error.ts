import {
  columns,
  type EngineOptions,
  type Float64Matrix,
  type GramNorms,
  gramNorms,
  type Matrix,
  multiply,
  type ProductSpectrum,
  scaled,
  stackColumns,
  stackRows,
  zeros,
} from "@lora/linalg";
import type { StoredFactors } from "@lora/peft";
import type { KeptFactors } from "./keep.ts";

/** How far what is written is from what was meant, rescale · ΔW − ΔW′. */
export type UpdateError = GramNorms;

/** What was kept of an update, before and after rounding to the stored type. */
export interface Written extends EngineOptions {
  /** Of the update; its spectrum is told in them. */
  readonly factors: StoredFactors;
  readonly spectrum: ProductSpectrum;
  readonly kept: readonly number[];
  /** ΔW′ = storedScale · up · down */
  readonly storedScale: number;
  readonly rescale: number;
  readonly exact: KeptFactors;
  readonly rounded: KeptFactors;
}

/**
 * The error of a written update, rounding included, without forming a matrix of its size.
 *
 * The difference is a low-rank product itself, l·rᵀ: the dropped pairs, and what rounding moved,
 * g·(B₀A₀ − B′A′) = g·((B₀ − B′)·A₀ + B′·(A₀ − A′)). Written so, nothing cancels. Its norms come from the Gram
 * matrices of l and r, in which the dropped pairs are orthonormal, and orthogonal to B₀ and A₀. Costs a product of
 * each factor with as many columns as are kept.
 */
export function updateError(written: Written): UpdateError {
  const { factors, spectrum, kept, exact, rounded, storedScale: g, rescale, engine } = written;
  const keptSet = new Set(kept);
  const dropped = Array.from(spectrum.s.keys()).filter((i) => !keptSet.has(i) && spectrum.s[i]! > 0);
  const [left, right] = [columns(spectrum.left, dropped), columns(spectrum.right, dropped)];
  const values = dropped.map((i) => rescale * spectrum.s[i]!);
  const movedUp = difference(exact.up, rounded.up);
  const movedDown = difference(exact.down, rounded.down);

  // Uᵀ·(B₀ − B′), which is −Uᵀ·B′ too, and Vᵀ·(A₀ − A′)ᵀ.
  const alongUp = along(left, multiply(factors.up, movedUp, { transA: true, engine }), { engine });
  const alongDown = along(right, multiply(factors.down, movedDown, { transB: true, engine }), { engine });
  const ups = stackColumns([movedUp, rounded.up]);
  const downs = stackRows([exact.down, movedDown]);
  return gramNorms(
    bordered(
      values.map((value) => value * value),
      scaledRows(stackColumns([alongUp, scaled(alongUp, -1)]), values),
      multiply(ups, ups, { transA: true, engine }),
    ),
    bordered(
      values.map(() => 1),
      scaled(stackColumns([zeros(dropped.length, kept.length), alongDown]), g),
      multiply(downs, downs, { transB: true, alpha: g * g, engine }),
    ),
  );
}

/** mapᵀ · x */
function along(map: Matrix, x: Matrix, { engine }: EngineOptions): Float64Matrix {
  return multiply(map, x, { transA: true, engine });
}

/** [diag(diagonal) cross; crossᵀ corner] */
function bordered(diagonal: readonly number[], cross: Matrix, corner: Matrix): Float64Matrix {
  const [d, k] = [cross.rows, cross.cols];
  const size = d + k;
  const result = zeros(size, size);
  diagonal.forEach((value, i) => (result.data[i * size + i] = value));
  for (let i = 0; i < d; i++) {
    for (let j = 0; j < k; j++) {
      const value = cross.data[i * k + j]!;
      result.data[i * size + d + j] = value;
      result.data[(d + j) * size + i] = value;
    }
  }
  for (let i = 0; i < k; i++) {
    for (let j = 0; j < k; j++) result.data[(d + i) * size + d + j] = corner.data[i * k + j]!;
  }
  return result;
}

/** Row i times factors[i]. */
function scaledRows(a: Matrix, factors: readonly number[]): Float64Matrix {
  const result = zeros(a.rows, a.cols);
  for (let i = 0; i < a.rows; i++) {
    for (let j = 0; j < a.cols; j++) result.data[i * a.cols + j] = factors[i]! * a.data[i * a.cols + j]!;
  }
  return result;
}

function difference(a: Matrix, b: Matrix): Float64Matrix {
  const result = zeros(a.rows, a.cols);
  for (let i = 0; i < a.data.length; i++) result.data[i] = a.data[i]! - b.data[i]!;
  return result;
}
