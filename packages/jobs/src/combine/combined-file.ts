import { dialectOf, type FactorSource, type ModuleChange, rewriteAdapter } from "@lora/peft";
import { type DType, locate, type TensorFile } from "@lora/tensor";
import { inlinePool } from "../pool/inline-pool.ts";
import type { RunContext } from "../pool/run-context.ts";
import type { WorkerPool } from "../pool/worker-pool.ts";
import { moduleBytes, sendModule } from "../posted.ts";
import type { Origin } from "../provenance/provenance.ts";
import { factorBytes } from "../resize/factor-bytes.ts";
import { LookAhead, type Step } from "../resize/look-ahead.ts";
import type { FactorDType } from "../resize/stored-dtype.ts";
import type { CombineReport } from "./combine-report.ts";
import type { WeightedAdapter } from "./inputs.ts";
import type { Target } from "./match-targets.ts";
import type { MeasuredUpdates } from "./measure-updates.ts";
import { combinedMetadata } from "./metadata.ts";
import { outputDType, type OutputModules } from "./output-modules.ts";
import type { CombineRecipe } from "./recipe.ts";
import { combineReport } from "./report.ts";
import { updatesOf } from "./updates-of.ts";
import { writeCombined, type WrittenUpdates } from "./write-combined.ts";

/** Everything a combined file is made from. */
export interface CombinePlan {
  /** Those that take part. */
  readonly weighted: readonly WeightedAdapter[];
  readonly recipe: CombineRecipe;
  readonly dtype: FactorDType | undefined;
  readonly output: OutputModules;
  /** By name of the module in the output. */
  readonly measured: ReadonlyMap<string, MeasuredUpdates>;
  readonly origin: Origin;
  readonly context: RunContext;
}

/** What became of a module: its rank and errors, without its bytes. */
export interface WrittenModule extends Omit<WrittenUpdates, "up" | "down"> {
  readonly rank: number;
}

/** A combined adapter. */
export interface CombineOutput {
  /** Pulls, combines and rounds factors when written. */
  readonly file: TensorFile;
  /**
   * What was done, with the errors measured on the values as written.
   *
   * @throws LoraError USAGE when the file has not been written whole
   */
  report(output: { readonly path: string; readonly bytes: number }): CombineReport;
}

/** The file that combined updates make. */
export function combinedFile(plan: CombinePlan): CombineOutput {
  const { output, measured, context } = plan;
  const written = context.findings?.of<WrittenModule>("written") ?? new Map<string, WrittenModule>();
  const pool = context.pool ?? inlinePool(context.engine);
  const ahead = new LookAhead<WrittenUpdates>({ steps: 2 * pool.size });
  // Some readers need every module they expect: of a result that is zero there, a pair of zeros is kept.
  const least = dialectOf(output.adapter).keepsEveryModule ? 1 : 0;
  const changes = new Map<string, ModuleChange>();
  for (const [name, target] of output.targets) {
    const { rank: chosen, sumNorm } = measured.get(name)!;
    const rank = Math.max(least, chosen);
    const dtype = outputDType(target, plan.dtype);
    const factors = (storedScale: number): FactorSource =>
      ahead.add(writingStep(plan, { name, target, rank, sumNorm, dtype, storedScale, pool, written }));
    changes.set(name, rank === 0 ? { kind: "drop" } : { kind: "replace", rank, dtype, factors });
  }
  const file = rewriteAdapter(output.adapter, changes, { metadata: combinedMetadata(plan) });
  return { file, report: (place) => combineReport(plan, written, place) };
}

interface ModulePlan {
  readonly name: string;
  readonly target: Target;
  readonly rank: number;
  readonly sumNorm: number;
  readonly dtype: DType;
  readonly storedScale: number;
  readonly pool: WorkerPool;
  /** Where the errors go. */
  readonly written: Map<string, WrittenModule>;
}

function writingStep({ weighted, recipe, context }: CombinePlan, module: ModulePlan): Step<WrittenUpdates> {
  const { name, target, rank, sumNorm, dtype, storedScale, pool, written } = module;
  const { signal } = context;
  const { places, weights } = updatesOf(target, weighted);
  const bytes = factorBytes(places[0]!.module, rank, dtype);
  return {
    bytes,
    async make() {
      const result = await locate({ module: name }, () =>
        pool.run(writeCombined, {
          bytes: bytes + places.reduce((sum, place) => sum + moduleBytes(place.module), 0),
          signal,
          input: async () => ({
            members: await Promise.all(places.map((place) => sendModule(place, { pool, signal }))),
            weights,
            recipe,
            key: target.key,
            rank,
            sumNorm,
            dtype,
            storedScale,
          }),
        }),
      );
      const { error, norm, distance } = result;
      written.set(name, { rank, error, norm, distance, sumNorm });
      return result;
    },
  };
}
