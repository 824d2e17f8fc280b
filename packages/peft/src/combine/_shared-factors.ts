import type { EngineOptions, Matrix } from "@lora/linalg";
import { columns, dot, frobeniusNorm, multiply, scaledColumns, svd, transpose } from "@lora/linalg";
import type { Delta } from "../delta.ts";
import { KroneckerDelta } from "../kronecker-delta.ts";
import { LowRankDelta } from "../low-rank-delta.ts";

/** An update, and what it is multiplied with. */
export interface WeightedDelta {
  readonly delta: Delta;
  readonly weight: number;
}

/** What a matrix may differ from a multiple of another, of itself: below the rounding of f32. */
const LEAST_DIFFERENT = 2 ** -26;

/** Singular values that are less of the largest are rounding. */
const ROUNDING = 2 ** -44;

/**
 * The same sum of fewer updates: Kronecker products that share a factor, but for a multiple, add up to one product,
 * A₁ ⊗ B + A₂ ⊗ c·B = (A₁ + c·A₂) ⊗ B, of which only small matrices are added. Their weights are 1.
 */
export function joinedByFactor(parts: readonly WeightedDelta[], options: EngineOptions): WeightedDelta[] {
  const others = parts.filter(({ delta }) => !(delta instanceof KroneckerDelta));
  const joined: KroneckerDelta[] = [];
  for (const { delta, weight } of parts) {
    if (!(delta instanceof KroneckerDelta)) continue;
    const { outer, block, scale } = delta;
    const part = new KroneckerDelta(outer, block, { ...options, scale: scale * weight });
    const sums = joined.map((one) => sumOfTwo(one, part, options));
    const at = sums.findIndex((sum) => sum !== undefined);
    if (at === -1) joined.push(part);
    else joined[at] = sums[at]!;
  }
  return [...joined.map((delta) => ({ delta, weight: 1 })), ...others];
}

function sumOfTwo(a: KroneckerDelta, b: KroneckerDelta, options: EngineOptions): KroneckerDelta | undefined {
  if (!a.hasBlocksOf(b)) return undefined;
  const ofBlock = multipleOf(a.block, b.block, options);
  if (ofBlock !== undefined) {
    const outer = smallSum([a.outer, a.scale], [b.outer, b.scale * ofBlock], options);
    return new KroneckerDelta(outer, a.block, options);
  }
  const ofOuter = multipleOf(a.outer, b.outer, options);
  if (ofOuter === undefined) return undefined;
  const block = smallSum([a.block, a.scale], [b.block, b.scale * ofOuter], options);
  return new KroneckerDelta(a.outer, block, options);
}

/** c where b = c·a to the rounding of f32. */
function multipleOf(a: Delta, b: Delta, options: EngineOptions): number | undefined {
  const [x, y] = [wholeOf(a, options), wholeOf(b, options)];
  const square = dot(x, x);
  const c = square === 0 ? 0 : dot(x, y) / square;
  const rest = { ...y, data: y.data.map((value, at) => value - c * x.data[at]!) };
  return frobeniusNorm(rest) <= LEAST_DIFFERENT * frobeniusNorm(y) ? c : undefined;
}

/** The sum of two small updates, of no larger inner size than its rank. */
function smallSum(
  [a, p]: readonly [Delta, number],
  [b, q]: readonly [Delta, number],
  options: EngineOptions,
): Delta {
  const [x, y] = [wholeOf(a, options), wholeOf(b, options)];
  const sum = { ...x, data: Float64Array.from(x.data, (value, at) => p * value + q * y.data[at]!) };
  const { u, s, v } = svd(sum, options);
  const kept = [...s.keys()].filter((i) => s[i]! > ROUNDING * s[0]!);
  const roots = kept.map((i) => Math.sqrt(s[i]!));
  const side = (vectors: Matrix): Matrix => scaledColumns(columns(vectors, kept), roots);
  return new LowRankDelta(side(u), transpose(side(v)), options);
}

function wholeOf(delta: Delta, { engine }: EngineOptions): Matrix {
  const { up, down, scale } = delta.storedFactors();
  return multiply(up, down, { alpha: scale, engine });
}
