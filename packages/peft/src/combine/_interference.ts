import { dot, type EngineOptions, type Float64Matrix, zeros } from "@lora/linalg";
import type { Delta } from "../delta.ts";
import { alignment, anglesOf, type Frame, frameOf } from "./_frame.ts";

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
  /** Principal angles between the directions they write to, in radians, ascending; where they were asked for. */
  readonly outputAngles?: readonly number[];
  /** The same of the directions they read. */
  readonly inputAngles?: readonly number[];
}

/** What `interference` measures besides. */
export interface InterferenceOptions extends EngineOptions {
  /** All principal angles, for O(r³) more a pair. */
  readonly angles?: boolean | undefined;
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

/**
 * Measures how updates of one weight stand to each other, through their factors: O((m + n)·R²) for R = Σrᵢ.
 *
 * @throws LoraError SHAPE when they differ in shape
 */
export function interference(
  deltas: readonly Delta[],
  weights: readonly number[],
  options: InterferenceOptions = {},
): Interference {
  const size = deltas.length;
  const gram = gramOf(deltas);
  const frames = deltas.map((delta) => frameOf(delta));
  const pairs: PairInterference[] = [];
  for (let i = 0; i < size; i++) {
    for (let j = i + 1; j < size; j++) {
      pairs.push({ i, j, cosine: cosineOf(gram, i, j), ...overlaps(frames[i]!, frames[j]!, options) });
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

function overlaps(
  a: Frame,
  b: Frame,
  options: InterferenceOptions,
): Omit<PairInterference, "i" | "j" | "cosine"> {
  const rank = Math.min(a.left.cols, b.left.cols);
  if (rank === 0) return { outputOverlap: null, inputOverlap: null };
  const { outputs, inputs } = alignment(a, b, options);
  const overlap = (turned: Float64Matrix): number => Math.min(1, dot(turned, turned) / rank);
  return {
    outputOverlap: overlap(outputs),
    inputOverlap: overlap(inputs),
    ...(options.angles === true && {
      outputAngles: anglesOf(outputs, options),
      inputAngles: anglesOf(inputs, options),
    }),
  };
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
