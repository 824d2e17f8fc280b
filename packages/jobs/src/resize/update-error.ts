import {
  columns,
  type EngineOptions,
  type Float64Matrix,
  gram,
  type GramNorms,
  gramNorms,
  type Matrix,
  multiply,
  type ProductSpectrum,
  scaled,
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
  // In f32: a difference keeps seven digits of its own.
  const ups = movedBeside(exact.up, rounded.up);
  const downs = movedBelow(exact.down, rounded.down);
  // What the dropped pairs see of them; uᵢ is orthogonal to B₀ = (B₀ − B′) + B′, and vᵢ to A₀.
  const alongUps = along(left, multiply(factors.up, ups, { transA: true, engine }), { engine });
  const alongDowns = along(right, multiply(factors.down, downs, { transB: true, engine }), { engine });
  return gramNorms(
    bordered(
      values.map((value) => value * value),
      scaledRows(alongUps, values),
      gram(ups, { engine }),
    ),
    bordered(
      values.map(() => 1),
      scaled(alongDowns, g),
      scaled(gram(downs, { of: "rows", engine }), g * g),
    ),
  );
}

/** mapᵀ · x */
function along(map: Matrix, x: Matrix, { engine }: EngineOptions): Float64Matrix {
  return multiply(map, x, { transA: true, engine });
}

/** [exact − rounded, rounded] */
function movedBeside(exact: Matrix, rounded: Matrix): Matrix {
  const { rows, cols } = exact;
  const result = { rows, cols: 2 * cols, data: new Float32Array(2 * exact.data.length) };
  for (let i = 0, from = 0, to = 0; i < rows; i++, to += cols) {
    for (let j = 0; j < cols; j++, from++, to++) {
      const value = rounded.data[from]!;
      result.data[to] = exact.data[from]! - value;
      result.data[to + cols] = value;
    }
  }
  return result;
}

/** [exact; exact − rounded] */
function movedBelow(exact: Matrix, rounded: Matrix): Matrix {
  const result = { rows: 2 * exact.rows, cols: exact.cols, data: new Float32Array(2 * exact.data.length) };
  const size = exact.data.length;
  result.data.set(exact.data);
  for (let i = 0; i < size; i++) result.data[size + i] = exact.data[i]! - rounded.data[i]!;
  return result;
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
