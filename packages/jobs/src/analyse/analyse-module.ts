import { needsBase } from "@lora/peft";
import { locate } from "@lora/tensor";
import type { DeviceWork } from "../device/device-work.ts";
import type { RunContext } from "../pool/run-context.ts";
import type { TaskRequest, WorkerPool } from "../pool/worker-pool.ts";
import {
  type BaseWeightPlace,
  moduleBytes,
  type ModulePlace,
  sendModule,
  sendWeight,
  type Sending,
  weightBytes,
} from "../posted.ts";
import type { ModuleAnalysis } from "../reports.ts";
import { moduleSummary } from "../summaries.ts";
import { measure, type MeasureInput, type Measures } from "./measure.ts";
import { measureBase } from "./measure-base.ts";

/** A module and the weight it changes, where there is one. */
export interface Measurable extends ModulePlace {
  readonly base: BaseWeightPlace | undefined;
  readonly seed: number;
  /** Where base weights are measured; left out, where the modules are. */
  readonly device: DeviceWork | undefined;
}

/** Reads a module and its base weight, and has them measured. */
export async function analyseModule(
  measurable: Measurable,
  context: RunContext,
  pool: WorkerPool,
): Promise<ModuleAnalysis> {
  const { module, file, base } = measurable;
  const measured = await locate(
    { file, module: module.name },
    async () =>
      (await measureOnDevice(measurable, context, pool)) ??
      pool.run(measure, taskOf(measurable, base, { pool, signal: context.signal })),
  );
  const against = measured.base && {
    base: { tensor: base!.pair.name, rows: base!.pair.rows ?? null, ...measured.base },
  };
  return { ...moduleSummary(module), ...measured.update, ...against };
}

/** Everything that `analyse` says of a base weight. */
const NEEDS = ["spectralNorm", "frobeniusNorm", "subspaceFactors"] as const;

/** The update in the pool, its base weight on the device; `undefined` where there is no device for it. */
async function measureOnDevice(
  measurable: Measurable,
  context: RunContext,
  pool: WorkerPool,
): Promise<Measures | undefined> {
  const { module, base, device, seed } = measurable;
  if (base === undefined || device === undefined || needsBase(module)) return undefined;
  const measured = await pool.run(measure, taskOf(measurable, undefined, { pool, signal: context.signal }));
  const update = measured.vectors!;
  const { signal } = context;
  const weight = await device.measure({ module, base, needs: NEEDS, v: update.v, seed, signal });
  return weight && { ...measured, base: measureBase({ update, base: weight }) };
}

/** The task of a module with this base weight, or without one. */
function taskOf(
  { module, file, seed, device }: Measurable,
  base: BaseWeightPlace | undefined,
  { pool, signal }: Sending,
): TaskRequest<MeasureInput> {
  return {
    bytes: moduleBytes(module) + (base === undefined ? 0 : weightBytes(base.pair)),
    signal,
    input: async () => ({
      module: await sendModule({ module, file }, { pool, signal }),
      weight: base && (await sendWeight(base, { pool, signal })),
      seed,
      vectors: base === undefined && device !== undefined,
    }),
  };
}
