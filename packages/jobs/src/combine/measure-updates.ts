import type { Engine } from "@lora/linalg";
import { type Delta, DenseDelta, type Interference, interference } from "@lora/peft";
import { norm, relative } from "../arithmetic.ts";
import type { PoolTask } from "../pool/worker-pool.ts";
import { chooseRank, type RankLimits } from "./choose-rank.ts";
import { decomposeDense } from "./decompose-dense.ts";
import { limitsFor } from "./limits-for.ts";
import { loadUpdates, makeUpdate, type MadeUpdate, type UpdatesToCombine } from "./made-update.ts";

/** What is known of a weight before anything of it is written. */
export interface MeasuredUpdates extends Interference {
  /** That the result is written with. */
  readonly rank: number;
  /** The error of Σ wᵢ·ΔWᵢ at the largest rank of its updates: what they do not share. */
  readonly predictedLoss: number | null;
  /** ‖Σ wᵢ·ΔWᵢ‖_F */
  readonly sumNorm: number;
}

/** Of the sizes of the terms: what is left of updates that cancel is rounding. */
const ROUNDING = 2 ** -40;

/** Measures how updates stand to each other, and chooses the rank of their combination. */
export const measureUpdates: PoolTask<UpdatesToCombine, MeasuredUpdates> = {
  name: "measure updates",
  async run(input, engine) {
    const updates = await loadUpdates(input, engine);
    const { deltas, sum } = updates;
    const found = interference(deltas, input.weights, { engine });
    const size = input.weights.reduce((total, weight, i) => total + Math.abs(weight) * lengthOf(found, i), 0);
    const least = ROUNDING * size;
    const spectrum = spectrumOf(sum, least);
    const largest = Math.max(...deltas.map(({ maxRank }) => maxRank));
    const lost = largest < Math.min(sum.rows, sum.cols) ? norm(spectrum.values().subarray(largest)) : 0;
    const measured = { ...found, sumNorm: spectrum.norm(), predictedLoss: relative(lost, spectrum.norm()) };
    const limits = limitsFor(input.recipe, deltas);
    if (limits.fixed) return { ...measured, rank: limits.most };
    const made = makeUpdate(input, updates, engine);
    const { seed = 0 } = input.recipe;
    return { ...measured, rank: rankOf(made, spectrum, { limits, least, seed, engine }) };
  },
};

/** What is known of the sizes of an update; each is found once, when it is asked for. */
interface Spectrum {
  /** Descending, without those that are rounding. */
  values(): Float64Array;
  norm(): number;
}

/** All values of a whole matrix cost far more than its norm; those of a product come with it. */
function spectrumOf(delta: Delta, least: number): Spectrum {
  let [found, size]: [Float64Array?, number?] = [];
  const values = (): Float64Array =>
    (found ??= aboveRounding(delta instanceof DenseDelta ? delta.singularValues() : delta.basis().s, least));
  return {
    values,
    norm: () => (size ??= delta instanceof DenseDelta ? delta.frobeniusNorm() : norm(values())),
  };
}

function aboveRounding(s: Float64Array, least: number): Float64Array {
  return s.filter((value) => value > least);
}

interface ChoosingRank {
  readonly limits: RankLimits;
  /** Singular values up to this are rounding. */
  readonly least: number;
  readonly seed: number;
  readonly engine: Engine;
}

function rankOf(made: MadeUpdate, ofSum: Spectrum, { limits, least, seed, engine }: ChoosingRank): number {
  if (made.kind === "stacked") return made.factors.up.cols;
  if (made.kind === "product") {
    const s = made.isSum ? ofSum.values() : aboveRounding(made.delta.basis().s, least);
    return chooseRank(s, norm(s) ** 2, limits);
  }
  const { matrix, isSum } = made;
  if (isSum && limits.most === Math.min(matrix.rows, matrix.cols)) {
    return chooseRank(ofSum.values(), ofSum.norm() ** 2, limits);
  }
  return aboveRounding(decomposeDense(matrix, { limits, seed, engine }).s, least).length;
}

/** ‖ΔWᵢ‖_F */
function lengthOf({ gram }: Interference, i: number): number {
  return Math.sqrt(gram.data[i * gram.rows + i]!);
}
