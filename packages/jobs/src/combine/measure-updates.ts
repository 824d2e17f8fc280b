import { type Interference, interference } from "@lora/peft";
import { norm, relative } from "../arithmetic.ts";
import type { PoolTask } from "../pool/worker-pool.ts";
import { chooseRank } from "./choose-rank.ts";
import { decomposeDense } from "./decompose-dense.ts";
import { limitsFor } from "./limits-for.ts";
import { loadUpdates, makeUpdate, productValues, type UpdatesToCombine } from "./made-update.ts";

/** What is known of a weight before anything of it is written. */
export interface MeasuredUpdates extends Interference {
  /** That the result is written with. */
  readonly rank: number;
  /** The error of Σ wᵢ·ΔWᵢ at the largest rank of its updates: what they do not share. */
  readonly predictedLoss: number | null;
}

/** Of the sizes of the terms: what is left of updates that cancel is rounding. */
const ROUNDING = 2 ** -40;

/** Measures how updates stand to each other, and chooses the rank of their combination. */
export const measureUpdates: PoolTask<UpdatesToCombine, MeasuredUpdates> = {
  name: "measure updates",
  async run(input, engine) {
    const updates = await loadUpdates(input, engine);
    const { deltas } = updates;
    const found = interference(deltas, input.weights, { engine });
    const size = input.weights.reduce((total, weight, i) => total + Math.abs(weight) * lengthOf(found, i), 0);
    const aboveRounding = (s: Float64Array): Float64Array => s.filter((value) => value > ROUNDING * size);
    const spectrum = aboveRounding(updates.values());
    const largest = Math.max(...deltas.map(({ maxRank }) => maxRank));
    const predictedLoss = relative(norm(spectrum.subarray(largest)), norm(spectrum));
    const limits = limitsFor(input.recipe, deltas);
    if (limits.fixed) return { ...found, predictedLoss, rank: limits.most };
    const made = makeUpdate(input, updates, engine);
    const { seed = 0 } = input.recipe;
    if (made.kind === "dense") {
      return {
        ...found,
        predictedLoss,
        rank: decomposeDense(made.matrix, { limits, seed, engine }).s.length,
      };
    }
    const isOther = made.kind === "product" && !made.isSum;
    const s = isOther ? aboveRounding(productValues(made.factors, engine)) : spectrum;
    return { ...found, predictedLoss, rank: chooseRank(s, norm(s) ** 2, limits) };
  },
};

/** ‖ΔWᵢ‖_F */
function lengthOf({ gram }: Interference, i: number): number {
  return Math.sqrt(gram.data[i * gram.rows + i]!);
}
