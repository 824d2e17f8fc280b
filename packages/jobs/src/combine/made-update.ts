import { type Engine, type Matrix, seededRandom } from "@lora/linalg";
import {
  bindCombineMethod,
  combineAsPeft,
  type Delta,
  DenseDelta,
  exactSum,
  gramOf,
  loadDelta,
  mergeEntries,
  type PeftCombinationName,
  type PeftFactors,
  reducedSum,
  seedOf,
  stackedFactors,
  type StoredFactors,
  weightedSum,
  type WeightedUpdate,
} from "@lora/peft";
import { locate } from "@lora/tensor";
import { type PostedModule, receivedModule } from "../posted.ts";
import { type CombineRecipe, methodOptions } from "./recipe.ts";

/** The updates of one weight, and what is to become of them. */
export interface UpdatesToCombine {
  readonly members: readonly PostedModule[];
  /** One for each member. */
  readonly weights: readonly number[];
  readonly recipe: CombineRecipe;
  /** Tells the weights apart where something is left to chance. */
  readonly key: string;
}

/** The updates of one weight, loaded. */
export interface LoadedUpdates {
  readonly deltas: readonly Delta[];
  /** Σ wᵢ·ΔWᵢ, of no larger inner size than it needs. */
  readonly sum: Delta;
}

/** What a method makes of updates, before it is given a rank. */
export type MadeUpdate =
  | { readonly kind: "stacked"; readonly factors: StoredFactors }
  | { readonly kind: "product"; readonly delta: Delta; readonly isSum: boolean }
  | { readonly kind: "dense"; readonly matrix: Matrix; readonly isSum: boolean };

/**
 * Reads the values of the updates.
 *
 * @param rank that the result was found to have: where it is that of the exact sum, nothing is looked for that would reduce it
 */
export async function loadUpdates(
  { members, weights }: UpdatesToCombine,
  engine: Engine,
  rank?: number,
): Promise<LoadedUpdates> {
  const deltas = await Promise.all(
    members.map((posted) =>
      locate({ file: posted.file }, () => loadDelta(receivedModule(posted), { engine })),
    ),
  );
  const sum = exactSum(deltas, weights, { engine });
  return { deltas, sum: sum.maxRank === rank ? sum : reducedSum(deltas, weights, { engine }) };
}

/** The updates as products. */
function products(deltas: readonly Delta[], weights: readonly number[]): WeightedUpdate[] {
  return deltas.map((delta, i) => ({ update: delta.storedFactors(), weight: weights[i]! }));
}

/** The method for so many updates: where only one is there, nothing is to be resolved, and it is passed on at its weight. */
export function methodFor(recipe: CombineRecipe, members: number): ReturnType<typeof bindCombineMethod> {
  const bound = bindCombineMethod(recipe.method, methodOptions(recipe));
  return members > 1 || bound.method.rank === "stacked" ? bound : bindCombineMethod("linear");
}

/** Follows the recipe for one weight. */
export function makeUpdate(
  { recipe, key, weights }: UpdatesToCombine,
  { deltas, sum }: LoadedUpdates,
  engine: Engine,
): MadeUpdate {
  const { method, rule } = methodFor(recipe, deltas.length);
  if (method.rank === "stacked")
    return { kind: "stacked", factors: stackedFactors(products(deltas, weights)) };
  if (rule.kind === "entries") {
    const options = { seed: recipe.seed, key, engine };
    return { kind: "dense", matrix: mergeEntries(rule, products(deltas, weights), options), isSum: false };
  }
  const coefficients = rule === weightedSum ? weights : rule.coefficients(gramOf(deltas), weights);
  const isSum = coefficients.every((value, i) => value === weights[i]);
  const delta = isSum ? sum : reducedSum(deltas, coefficients, { engine });
  return delta instanceof DenseDelta
    ? { kind: "dense", matrix: delta.matrix(), isSum }
    : { kind: "product", delta, isSum };
}

/** The factors that PEFT gives; it draws from torch, this from a seed. */
export function makeAsPeft(
  { recipe, key, weights }: UpdatesToCombine,
  { deltas }: LoadedUpdates,
  { rank, engine }: { readonly rank: number; readonly engine: Engine },
): PeftFactors {
  const { uniform } = seededRandom(seedOf(recipe.seed ?? 0, key, 0));
  const { density, sign, svdClamp } = recipe;
  const draw = (count: number, chance: number): number[] =>
    Array.from({ length: count }, () => (uniform() < chance ? 1 : 0));
  return combineAsPeft(recipe.method as PeftCombinationName, products(deltas, weights), {
    density,
    sign,
    svdClamp,
    svdRank: rank,
    draw,
    engine,
  });
}
