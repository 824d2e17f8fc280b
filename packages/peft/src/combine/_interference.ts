import {
  columns,
  dot,
  type EngineOptions,
  type Float64Matrix,
  type Matrix,
  multiply,
  zeros,
} from "@lora/linalg";
import type { Delta, StoredFactors } from "../delta.ts";

/** How two updates of one weight stand to each other. */
export interface PairInterference {
  readonly i: number;
  readonly j: number;
  /** ⟨ΔWᵢ, ΔWⱼ⟩ / (‖ΔWᵢ‖·‖ΔWⱼ‖); null where one is zero. */
  readonly cosine: number | null;
  /** ‖UᵢᵀUⱼ‖_F² over the smaller rank: how much they share of the directions they write to, 0 to 1. */
  readonly outputOverlap: number | null;
  /** ‖VᵢᵀVⱼ‖_F² over the smaller rank: the same of the directions they read. */
  readonly inputOverlap: number | null;
}

/** How updates of one weight stand to each other before they are combined. */
export interface Interference {
  /** K × K, symmetric: ⟨ΔWᵢ, ΔWⱼ⟩ */
  readonly gram: Float64Matrix;
  /** i < j */
  readonly pairs: readonly PairInterference[];
  /**
   * What of each update is left along itself in Σ wⱼ·ΔWⱼ, over wᵢ·‖ΔWᵢ‖: 1 undisturbed, below 1 weakened by the others,
   * above 1 strengthened; null where it is zero.
   */
  readonly responses: readonly (number | null)[];
}

/** Singular values below this part of the largest are no directions of their own: the rounding of f32. */
const LEAST = 2 ** -24;

interface Frame {
  readonly factors: StoredFactors;
  /** u = up · left, orthonormal. */
  readonly left: Matrix;
  /** v = downᵀ · right, orthonormal. */
  readonly right: Matrix;
}

/**
 * Measures how updates of one weight stand to each other, through their factors: O((m + n)·R²) for R = Σrᵢ.
 *
 * @throws LoraError SHAPE when they differ in shape
 */
export function interference(
  deltas: readonly Delta[],
  weights: readonly number[],
  { engine }: EngineOptions = {},
): Interference {
  const size = deltas.length;
  const gram = gramOf(deltas);
  const frames = deltas.map((delta) => frameOf(delta));
  const pairs: PairInterference[] = [];
  for (let i = 0; i < size; i++) {
    for (let j = i + 1; j < size; j++) {
      pairs.push({ i, j, cosine: cosineOf(gram, i, j), ...overlaps(frames[i]!, frames[j]!, { engine }) });
    }
  }
  return { gram, pairs, responses: weights.map((_, i) => responseOf(gram, weights, i)) };
}

/**
 * The inner products of updates, K × K and symmetric, through their factors.
 *
 * @throws LoraError SHAPE when they differ in shape
 */
export function gramOf(deltas: readonly Delta[]): Float64Matrix {
  const size = deltas.length;
  const gram = zeros(size, size);
  for (let i = 0; i < size; i++) {
    for (let j = i; j < size; j++) {
      const inner = deltas[i]!.inner(deltas[j]!);
      // Rounding can leave a tiny negative square where an update is zero.
      gram.data[i * size + j] = gram.data[j * size + i] = i === j ? Math.max(0, inner) : inner;
    }
  }
  return gram;
}

function frameOf(delta: Delta): Frame {
  const { s, left, right } = delta.spectrum();
  const kept = [...s.keys()].filter((i) => s[i]! > LEAST * s[0]!);
  return { factors: delta.storedFactors(), left: columns(left, kept), right: columns(right, kept) };
}

function overlaps(
  a: Frame,
  b: Frame,
  { engine }: EngineOptions,
): Pick<PairInterference, "outputOverlap" | "inputOverlap"> {
  const rank = Math.min(a.left.cols, b.left.cols);
  if (rank === 0) return { outputOverlap: null, inputOverlap: null };
  const ups = multiply(a.factors.up, b.factors.up, { transA: true, engine });
  const downs = multiply(a.factors.down, b.factors.down, { transB: true, engine });
  const overlap = (left: Matrix, middle: Matrix, right: Matrix): number => {
    const turned = multiply(multiply(left, middle, { transA: true, engine }), right, { engine });
    return Math.min(1, dot(turned, turned) / rank);
  };
  return { outputOverlap: overlap(a.left, ups, b.left), inputOverlap: overlap(a.right, downs, b.right) };
}

function cosineOf({ rows, data }: Float64Matrix, i: number, j: number): number | null {
  const length = Math.sqrt(data[i * rows + i]! * data[j * rows + j]!);
  return length === 0 ? null : Math.min(1, Math.max(-1, data[i * rows + j]! / length));
}

function responseOf({ rows, data }: Float64Matrix, weights: readonly number[], i: number): number | null {
  const own = weights[i]! * data[i * rows + i]!;
  if (own === 0) return null;
  return weights.reduce((sum, weight, j) => sum + weight * data[i * rows + j]!, 0) / own;
}
