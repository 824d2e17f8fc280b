import { locate } from "@lora/tensor";
import type { RunContext } from "../pool/run-context.ts";
import type { WorkerPool } from "../pool/worker-pool.ts";
import {
  type BaseWeightPlace,
  moduleBytes,
  type ModulePlace,
  postModule,
  postWeight,
  weightBytes,
} from "../posted.ts";
import type { ModuleAnalysis } from "../reports.ts";
import { moduleSummary } from "../summaries.ts";
import { measure } from "./measure.ts";

/** A module and the weight it changes, where there is one. */
export interface Measurable extends ModulePlace {
  readonly base: BaseWeightPlace | undefined;
  readonly seed: number;
}

/** Reads a module and its base weight, and has them measured. */
export async function analyseModule(
  { module, file, base, seed }: Measurable,
  { signal }: RunContext,
  pool: WorkerPool,
): Promise<ModuleAnalysis> {
  const measured = await locate({ file, module: module.name }, () =>
    pool.run(measure, {
      bytes: moduleBytes(module) + (base === undefined ? 0 : weightBytes(base.pair)),
      signal,
      input: async () => ({
        module: await postModule({ module, file }, signal),
        weight: base && (await postWeight(base, signal)),
        seed,
      }),
    }),
  );
  const against = measured.base && {
    base: { tensor: base!.pair.name, rows: base!.pair.rows ?? null, ...measured.base },
  };
  return { ...moduleSummary(module), ...measured.update, ...against };
}
