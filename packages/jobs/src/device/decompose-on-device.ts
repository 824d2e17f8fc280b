import { baseSubspaceFactors } from "@lora/metrics";
import type { AdapterModule, BaseNeed } from "@lora/peft";
import { measure, type MeasureInput } from "../analyse/measure.ts";
import type { TaskRequest, WorkerPool } from "../pool/worker-pool.ts";
import { type BaseWeightPlace, moduleBytes, sendModule } from "../posted.ts";
import { decompose, type Decomposed, type DecomposeInput } from "../resize/decompose.ts";
import type { DeviceWork } from "./device-work.ts";

/** A module whose spectrum is wanted with facts of its base weight, and where each is calculated. */
export interface DeviceDecomposition {
  readonly module: AdapterModule;
  /** Name of the adapter. */
  readonly file: string;
  readonly base: BaseWeightPlace;
  readonly needs: readonly BaseNeed[];
  readonly seed: number;
  readonly device: DeviceWork;
  readonly pool: WorkerPool;
  readonly signal: AbortSignal | undefined;
}

/**
 * What the task `decompose` finds, with the base weight measured on a device; `undefined` where that cannot hold it.
 *
 * @throws LoraError as `DeviceWork.measure` does, and what decomposing the update throws
 */
export async function decomposeOnDevice(request: DeviceDecomposition): Promise<Decomposed | undefined> {
  const { module, base, needs, seed, device, pool, signal } = request;
  const task = taskOf(request);
  const { s, basis } = await pool.run(decompose, task);
  const update = needs.includes("subspaceFactors") ? (await pool.run(measure, task)).vectors : undefined;
  const weight = await device.measure({ module, base, needs, v: update?.v, seed, signal });
  if (weight === undefined) return undefined;
  return {
    s,
    basis,
    inRuns: false,
    written: undefined,
    base: {
      spectralNorm: needs.includes("spectralNorm") ? weight.spectralNorm().value : undefined,
      frobeniusNorm: needs.includes("frobeniusNorm") ? weight.frobeniusNorm() : undefined,
      subspaceFactors: update && baseSubspaceFactors.compute({ update, base: weight }),
    },
  };
}

/** The update alone, for either task. */
function taskOf({
  module,
  file,
  seed,
  pool,
  signal,
}: DeviceDecomposition): TaskRequest<DecomposeInput & MeasureInput> {
  return {
    bytes: moduleBytes(module),
    signal,
    input: async () => ({
      module: await sendModule({ module, file }, { pool, signal }),
      weight: undefined,
      needs: [],
      seed,
      asks: false,
      inRuns: false,
      vectors: true,
    }),
  };
}
