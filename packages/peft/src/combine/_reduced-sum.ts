import type { AnyMatrix, EngineOptions, Float64Matrix, Matrix, Svd } from "@lora/linalg";
import {
  choleskyQr2,
  columns,
  gram,
  identity,
  multiply,
  scaledColumns,
  stackColumns,
  symmetricEigen,
  toFloat64,
  transpose,
  zeros,
} from "@lora/linalg";
import { DenseDelta } from "../dense-delta.ts";
import type { Delta, StoredFactors } from "../delta.ts";
import { commonSize } from "./_common-size.ts";
import { stackedFactors } from "./_stacked.ts";

/** Stacks up to this inner size are small enough as they are. */
const SMALL = 256;

/** A direction of which less than this is new lies in the span of the others: below the rounding of f32. */
const LEAST_NEW = 2 ** -26;

/** Singular values that are less of the largest are rounding. */
const ROUNDING = 2 ** -44;

/**
 * Σ wᵢ·ΔWᵢ as one product whose inner size is no larger than the rank that the directions of the updates allow, where they are
 * many: a stack of Σrᵢ columns that depend on each other costs more to decompose than all else. Small stacks, and what
 * `stackedFactors` makes of them, stay as they are. Whole matrices are added as such; other updates, whose singular vectors are
 * cheap to have (Kronecker products), are written in a common orthonormal basis of them: O((m + n)·R²), exact to 2⁻²⁶ of each.
 *
 * @throws LoraError SHAPE when the updates differ in shape, or there are none
 */
export function reducedSum(
  deltas: readonly Delta[],
  weights: readonly number[],
  { engine }: EngineOptions = {},
): StoredFactors {
  const { rows, cols } = commonSize(deltas.map((delta) => sizeOf(delta)));
  const smaller = Math.min(rows, cols);
  const total = deltas.reduce((sum, { maxRank }) => sum + maxRank, 0);
  if (total <= Math.min(SMALL, smaller)) {
    return stackedFactors(deltas.map((delta, i) => ({ update: delta.storedFactors(), weight: weights[i]! })));
  }
  if (deltas.some((delta) => delta instanceof DenseDelta))
    return asWhole(addedUp(deltas, weights, { engine }));
  const parts = deltas.map((delta) => aboveRounding(delta.svd()));
  const left = commonBasis(
    parts.map(({ u }) => u),
    { engine },
  );
  const right = commonBasis(
    parts.map(({ v }) => v),
    { engine },
  );
  let core = zeros(left.cols, right.cols);
  parts.forEach((part, i) => (core = plus(core, placed(part, left, right, engine), weights[i]!)));
  return left.cols <= right.cols
    ? { up: left, down: multiply(core, right, { transB: true, engine }), scale: 1 }
    : { up: multiply(left, core, { engine }), down: transpose(right), scale: 1 };
}

/** Vectors that belong to zeros are no directions. */
function aboveRounding({ u, s, v }: Svd): Svd {
  const kept = [...s.keys()].filter((i) => s[i]! > ROUNDING * s[0]!);
  return { u: columns(u, kept), s: s.slice(0, kept.length), v: columns(v, kept) };
}

function sizeOf(delta: Delta): StoredFactors {
  const [up, down] = [zeros(delta.rows, 0), zeros(0, delta.cols)];
  return { up, down, scale: 1 };
}

/** s·(leftᵀ·u)·(rightᵀ·v)ᵀ */
function placed({ u, s, v }: Svd, left: Matrix, right: Matrix, engine: EngineOptions["engine"]): Matrix {
  const [from, to] = [
    multiply(left, u, { transA: true, engine }),
    multiply(right, v, { transA: true, engine }),
  ];
  return multiply(scaledColumns(from, s), to, { transB: true, engine });
}

/** An orthonormal basis of the columns of several matrices that each have orthonormal columns. */
function commonBasis(frames: readonly Matrix[], options: EngineOptions): Float64Matrix {
  let basis = toFloat64(frames[0]!);
  for (const frame of frames.slice(1)) {
    if (basis.cols >= basis.rows) break;
    const rest = without(basis, without(basis, frame, options), options);
    const { values, vectors } = symmetricEigen(gram(rest, options), options);
    const kept = [...values.keys()]
      .filter((i) => values[i]! > LEAST_NEW ** 2)
      .slice(0, basis.rows - basis.cols);
    if (kept.length === 0) continue;
    const roots = kept.map((i) => 1 / Math.sqrt(values[i]!));
    const found = multiply(rest, scaledColumns(columns(vectors, kept), roots), options);
    // Directions of which little was new have rounding of the others in them.
    basis = stackColumns([basis, choleskyQr2(without(basis, found, options), options).q]);
  }
  return basis;
}

/** x − basis·basisᵀ·x */
function without(basis: Matrix, x: Matrix, { engine }: EngineOptions): Matrix {
  return plus(x, multiply(basis, multiply(basis, x, { transA: true, engine }), { engine }), -1);
}

function addedUp(
  deltas: readonly Delta[],
  weights: readonly number[],
  { engine }: EngineOptions,
): Float64Matrix {
  const [{ rows, cols }] = deltas as [Delta];
  let sum = zeros(rows, cols);
  deltas.forEach((delta, i) => {
    const { up, down, scale } = delta.storedFactors();
    const whole = delta instanceof DenseDelta ? delta.matrix() : multiply(up, down, { alpha: scale, engine });
    sum = plus(sum, whole, weights[i]!);
  });
  return sum;
}

function asWhole(sum: AnyMatrix): StoredFactors {
  return sum.rows <= sum.cols
    ? { up: identity(sum.rows), down: sum, scale: 1 }
    : { up: sum, down: identity(sum.cols), scale: 1 };
}

function plus(a: Matrix, b: Matrix, factor: number): Float64Matrix {
  const data = Float64Array.from(a.data, (value, at) => value + factor * b.data[at]!);
  return { rows: a.rows, cols: a.cols, data };
}
