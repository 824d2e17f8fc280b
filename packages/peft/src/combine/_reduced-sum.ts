import type { EngineOptions, Float64Matrix, Matrix, Svd } from "@lora/linalg";
import { columns, multiply, referenceEngine, scaledColumns, strided, transpose, zeros } from "@lora/linalg";
import { DenseDelta } from "../dense-delta.ts";
import type { Delta } from "../delta.ts";
import { LowRankDelta } from "../low-rank-delta.ts";
import { commonBasis } from "./_common-basis.ts";
import { commonSize } from "./_common-size.ts";
import { joinedByFactor, type WeightedDelta } from "./_shared-factors.ts";
import { StackedDelta } from "./_stacked-delta.ts";

/** Stacks up to this inner size are small enough as they are. */
const SMALL = 256;

/** Singular values that are less of the largest are rounding. */
const ROUNDING = 2 ** -44;

/**
 * Σ wᵢ·ΔWᵢ as one update, exactly: Kronecker products with a common factor stay one, whole matrices are added as such, and the
 * factors of others are stacked, O((m + n)·R) for R = Σrᵢ.
 *
 * @throws LoraError SHAPE when the updates differ in shape, or there are none
 */
export function exactSum(
  deltas: readonly Delta[],
  weights: readonly number[],
  options: EngineOptions = {},
): Delta {
  return sumOf(joinedParts(deltas, weights, options), options);
}

/**
 * Σ wᵢ·ΔWᵢ as one update, of no larger inner size than the directions of the updates allow where they are many: a stack of Σrᵢ
 * columns that depend on each other costs more to decompose than all else. `exactSum` elsewhere; of a large stack whose factors
 * are nearly dependent the updates are written in a common orthonormal basis of their singular vectors: O((m + n)·R²), exact to
 * 2⁻²⁶ of each.
 *
 * @throws LoraError SHAPE when the updates differ in shape, or there are none
 */
export function reducedSum(
  deltas: readonly Delta[],
  weights: readonly number[],
  options: EngineOptions = {},
): Delta {
  const parts = joinedParts(deltas, weights, options);
  const total = parts.reduce((sum, { delta }) => sum + delta.maxRank, 0);
  const hasRoom = total <= Math.min(deltas[0]!.rows, deltas[0]!.cols);
  const isLarge = !hasRoom || total > SMALL;
  if (!isLarge || parts.length === 1) return sumOf(parts, options);
  if (parts.some(({ delta }) => delta instanceof DenseDelta)) return sumOf(parts, options);
  const sum = hasRoom ? sumOf(parts, options) : undefined;
  return sum !== undefined && "form" in sum.basis() ? sum : inCommonBasis(parts, options);
}

function joinedParts(
  deltas: readonly Delta[],
  weights: readonly number[],
  options: EngineOptions,
): WeightedDelta[] {
  commonSize(deltas);
  const parts = deltas.map((delta, i) => ({ delta, weight: weights[i]! }));
  return joinedByFactor(parts, options);
}

function sumOf(parts: readonly WeightedDelta[], options: EngineOptions): Delta {
  const [{ delta, weight }] = parts as [WeightedDelta];
  if (parts.length === 1 && weight === 1) return delta;
  return parts.some((part) => part.delta instanceof DenseDelta)
    ? new DenseDelta(addedUp(parts, options), options)
    : new StackedDelta(parts, options);
}

function inCommonBasis(given: readonly WeightedDelta[], { engine }: EngineOptions): LowRankDelta {
  const parts = given.map(({ delta, weight }) => ({ weight, ...aboveRounding(delta.svd()) }));
  const [left, right] = [parts.map(({ u }) => u), parts.map(({ v }) => v)].map((frames) =>
    commonBasis(frames, { engine }),
  ) as [Float64Matrix, Float64Matrix];
  const core = zeros(left.cols, right.cols);
  for (const { u, s, v, weight } of parts) {
    const from = scaledColumns(multiply(left, u, { transA: true, engine }), s);
    const to = multiply(right, v, { transA: true, engine });
    add(core, multiply(from, to, { transB: true, engine }), weight);
  }
  return left.cols <= right.cols
    ? new LowRankDelta(left, multiply(core, right, { transB: true, engine }), { engine })
    : new LowRankDelta(multiply(left, core, { engine }), transpose(right), { engine });
}

/** Vectors that belong to zeros are no directions. */
function aboveRounding({ u, s, v }: Svd): Svd {
  const kept = [...s.keys()].filter((i) => s[i]! > ROUNDING * s[0]!);
  return { u: columns(u, kept), s: s.slice(0, kept.length), v: columns(v, kept) };
}

function addedUp(
  parts: readonly WeightedDelta[],
  { engine = referenceEngine }: EngineOptions,
): Float64Matrix {
  const [{ delta: first }] = parts as [WeightedDelta];
  const sum = zeros(first.rows, first.cols);
  for (const { delta, weight } of parts) {
    if (delta instanceof DenseDelta) {
      add(sum, delta.matrix(), weight);
    } else {
      const { up, down, scale } = delta.storedFactors();
      const product = { a: strided(up), b: strided(down), c: strided(sum), alpha: scale * weight };
      engine.gemm({ ...product, add: true });
    }
  }
  return sum;
}

/** a ← a + factor·b */
function add(a: Float64Matrix, b: Matrix, factor: number): void {
  for (let at = 0; at < a.data.length; at++) a.data[at]! += factor * b.data[at]!;
}
