import { dialectOf, type FactorSource, type ModuleChange, rewriteAdapter } from "@lora/peft";
import { byteCount, type DType, elementCount, locate, type TensorFile } from "@lora/tensor";
import { inlinePool } from "../pool/inline-pool.ts";
import type { RunContext } from "../pool/run-context.ts";
import type { WorkerPool } from "../pool/worker-pool.ts";
import { moduleBytes, sendModule } from "../posted.ts";
import type { Origin } from "../provenance/provenance.ts";
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

/** Encoded factors that are held ahead of the writer. */
const AHEAD_BYTES = 64 * 2 ** 20;

/** The file that combined updates make. */
export function combinedFile(plan: CombinePlan): CombineOutput {
  const { output, measured, context } = plan;
  const written = context.findings?.of<WrittenModule>("written") ?? new Map<string, WrittenModule>();
  const pool = context.pool ?? inlinePool(context.engine);
  const ahead = new LookAhead<WrittenUpdates>({ steps: 2 * pool.size, bytes: AHEAD_BYTES });
  // Some readers need every module they expect: of a result that is zero there, a pair of zeros is kept.
  const least = dialectOf(output.adapter).keepsEveryModule ? 1 : 0;
  const changes = new Map<string, ModuleChange>();
  for (const [name, target] of output.targets) {
    const rank = Math.max(least, measured.get(name)!.rank);
    const dtype = outputDType(target, plan.dtype);
    const factors = (storedScale: number): FactorSource =>
      ahead.add(writingStep(plan, { name, target, rank, dtype, storedScale, pool, written }));
    changes.set(name, rank === 0 ? { kind: "drop" } : { kind: "replace", rank, dtype, factors });
  }
  const file = rewriteAdapter(output.adapter, changes, { metadata: combinedMetadata(plan) });
  return { file, report: (place) => combineReport(plan, written, place) };
}

interface ModulePlan {
  readonly name: string;
  readonly target: Target;
  readonly rank: number;
  readonly dtype: DType;
  readonly storedScale: number;
  readonly pool: WorkerPool;
  /** Where the errors go. */
  readonly written: Map<string, WrittenModule>;
}

function writingStep({ weighted, recipe, context }: CombinePlan, module: ModulePlan): Step<WrittenUpdates> {
  const { name, target, rank, dtype, storedScale, pool, written } = module;
  const { signal } = context;
  const { places, weights } = updatesOf(target, weighted);
  const [out = 0, ...inner] = places[0]!.module.shape;
  const bytes = byteCount({ dtype, shape: [rank, out + elementCount(inner)] });
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
            dtype,
            storedScale,
          }),
        }),
      );
      const { error, norm, distance, sumNorm } = result;
      written.set(name, { rank, error, norm, distance, sumNorm });
      return result;
    },
  };
}
