import { locate } from "@lora/tensor";
import { eachModule } from "../each-module.ts";
import type { RunContext } from "../pool/run-context.ts";
import { moduleBytes, sendModule } from "../posted.ts";
import { originOf } from "../provenance/provenance.ts";
import type { FactorDType } from "../resize/stored-dtype.ts";
import { combinedFile, type CombineOutput } from "./combined-file.ts";
import { type CombineInput, readInputs, type WeightedAdapter } from "./inputs.ts";
import { matchTargets, type Target } from "./match-targets.ts";
import { type MeasuredUpdates, measureUpdates } from "./measure-updates.ts";
import { outputModules } from "./output-modules.ts";
import { shareOfModules, targetBytes } from "./share-of-modules.ts";
import { type CombineRecipe, checkRecipe } from "./recipe.ts";
import { updatesOf } from "./updates-of.ts";

/** What `combine` may be told. */
export interface CombineJobOptions extends CombineRecipe {
  /** Stored type of the new factors; as in the inputs when left out, f32 where those differ. */
  readonly dtype?: FactorDType | undefined;
}

/**
 * Makes one adapter of several, whatever their ranks, dialects and the modules they cover. Methods work on updates, so
 * that the result does not depend on how an update is stored: weighted sums, `slerp` and `karcher` through stacked factors,
 * O((m + n)·R²) a module for R = Σrᵢ, and those that work entry by entry in rows, O(m·n·R), with one matrix of f32 a module
 * for its decomposition. `compat: "peft"` gives PEFT's numbers instead.
 *
 * The output is in the dialect of the first adapter with a weight, and carries its texts and other tensors. Values are made
 * when it is written; the signal and the pool of `context` serve both.
 *
 * @throws LoraError USAGE when weights or options break their rules; UNSUPPORTED when an adapter is no plain
 *   low-rank one (DoRA, lora_bias, …), or a module has no name in the dialect; SHAPE when updates of one weight differ in
 *   shape; as `readAdapter` does
 */
export async function combine(
  inputs: readonly CombineInput[],
  { dtype, ...options }: CombineJobOptions,
  context: RunContext = {},
): Promise<CombineOutput> {
  const asPeft = options.compat === "peft";
  const weighted = await readInputs(inputs, { keepZeros: asPeft, signal: context.signal });
  // PEFT takes one adapter alone for linear, whatever is asked for.
  const alone = asPeft && weighted.length === 1;
  const recipe = alone ? { ...options, method: "linear", rank: undefined, svdClamp: undefined } : options;
  checkRecipe(recipe, weighted.length);
  const adapters = weighted.map(({ adapter }) => adapter);
  const targets = matchTargets(adapters);
  const output = shareOfModules(outputModules(adapters, targets), context.share);
  const measured = await measureTargets({ weighted, recipe }, output.targets, context);
  const hashed = weighted.map(({ adapter: { file }, weight }) => ({ file, weight }));
  const origin = await originOf({ adapters: hashed }, context);
  return combinedFile({ weighted, recipe, dtype, output, measured, origin, context });
}

interface ToMeasure {
  readonly weighted: readonly WeightedAdapter[];
  readonly recipe: CombineRecipe;
}

async function measureTargets(
  { weighted, recipe }: ToMeasure,
  targets: ReadonlyMap<string, Target>,
  context: RunContext,
): Promise<ReadonlyMap<string, MeasuredUpdates>> {
  const { signal } = context;
  const known = context.findings?.of<MeasuredUpdates>("measured");
  const found = await eachModule(
    [...targets],
    { phase: "measuring", bytes: ([, target]) => targetBytes(target), context },
    async ([name, target], pool) => {
      const before = known?.get(name);
      if (before !== undefined) return [name, before] as const;
      const updates = updatesOf(target, weighted);
      const measured = await locate({ module: name }, () =>
        pool.run(measureUpdates, {
          bytes: updates.places.reduce((sum, { module }) => sum + moduleBytes(module), 0),
          signal,
          input: async () => ({
            members: await Promise.all(updates.places.map((place) => sendModule(place, { pool, signal }))),
            weights: updates.weights,
            recipe,
            key: target.key,
          }),
        }),
      );
      known?.set(name, measured);
      return [name, measured] as const;
    },
  );
  return new Map(found);
}
