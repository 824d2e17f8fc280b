import { type Engine, type Matrix, productSingularValues, seededRandom } from "@lora/linalg";
import {
  bindCombineMethod,
  combineAsPeft,
  type Delta,
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
  readonly parts: readonly WeightedUpdate[];
  /** Σ wᵢ·ΔWᵢ, of no larger inner size than it needs. */
  readonly sum: StoredFactors;
  /** Singular values of the sum; found once. */
  values(): Float64Array;
}

/** What a method makes of updates, before it is given a rank. */
export type MadeUpdate =
  | { readonly kind: "stacked"; readonly factors: StoredFactors }
  | { readonly kind: "product"; readonly factors: StoredFactors; readonly isSum: boolean }
  | { readonly kind: "dense"; readonly matrix: Matrix };

/** Reads the values of the updates. */
export async function loadUpdates(
  { members, weights }: UpdatesToCombine,
  engine: Engine,
): Promise<LoadedUpdates> {
  const deltas = await Promise.all(
    members.map((posted) =>
      locate({ file: posted.file }, () => loadDelta(receivedModule(posted), { engine })),
    ),
  );
  const parts = deltas.map((delta, i) => ({ update: delta.storedFactors(), weight: weights[i]! }));
  const sum = reducedSum(deltas, weights, { engine });
  let found: Float64Array | undefined;
  return { deltas, parts, sum, values: () => (found ??= productValues(sum, engine)) };
}

/** The singular values of a product alone. */
export function productValues({ up, down, scale }: StoredFactors, engine: Engine): Float64Array {
  return productSingularValues(up, down, { engine }).map((value) => Math.abs(scale) * value);
}

/** The method for so many updates: where only one is there, nothing is to be resolved, and it is passed on at its weight. */
export function methodFor(recipe: CombineRecipe, members: number): ReturnType<typeof bindCombineMethod> {
  const bound = bindCombineMethod(recipe.method, methodOptions(recipe));
  return members > 1 || bound.method.rank === "stacked" ? bound : bindCombineMethod("linear");
}

/** Follows the recipe for one weight. */
export function makeUpdate(
  { recipe, key, weights }: UpdatesToCombine,
  { deltas, parts, sum }: LoadedUpdates,
  engine: Engine,
): MadeUpdate {
  const { method, rule } = methodFor(recipe, parts.length);
  if (method.rank === "stacked") return { kind: "stacked", factors: stackedFactors(parts) };
  if (rule.kind === "entries") {
    return { kind: "dense", matrix: mergeEntries(rule, parts, { seed: recipe.seed, key, engine }) };
  }
  const coefficients = rule === weightedSum ? weights : rule.coefficients(gramOf(deltas), weights);
  const isSum = coefficients.every((value, i) => value === weights[i]);
  const factors = isSum ? sum : reducedSum(deltas, coefficients, { engine });
  return { kind: "product", factors, isSum };
}

/** The factors that PEFT gives; it draws from torch, this from a seed. */
export function makeAsPeft(
  { recipe, key }: UpdatesToCombine,
  { parts }: LoadedUpdates,
  { rank, engine }: { readonly rank: number; readonly engine: Engine },
): PeftFactors {
  const { uniform } = seededRandom(seedOf(recipe.seed ?? 0, key, 0));
  const { density, sign, svdClamp } = recipe;
  const draw = (count: number, chance: number): number[] =>
    Array.from({ length: count }, () => (uniform() < chance ? 1 : 0));
  return combineAsPeft(recipe.method as PeftCombinationName, parts, {
    density,
    sign,
    svdClamp,
    svdRank: rank,
    draw,
    engine,
  });
}
