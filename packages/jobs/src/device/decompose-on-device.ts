import { baseFrobeniusNorm, baseSpectralNorm, baseSubspaceFactors } from "@lora/metrics";
import type { AdapterModule, BaseNeed } from "@lora/peft";
import { measure } from "../analyse/measure.ts";
import type { WorkerPool } from "../pool/worker-pool.ts";
import { type BaseWeightPlace, moduleBytes, postModule } from "../posted.ts";
import type { Decomposed } from "../resize/decompose.ts";
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
  const { module, file, base, needs, seed, device, pool, signal } = request;
  const { vectors: update } = await pool.run(measure, {
    bytes: moduleBytes(module),
    signal,
    input: async () => ({
      module: await postModule({ module, file }, signal),
      weight: undefined,
      seed,
      vectors: true,
    }),
  });
  const weight = await device.measure({ module, base, needs, v: update!.v, seed, signal });
  if (weight === undefined) return undefined;
  const input = { update: update!, base: weight };
  return {
    s: update!.s,
    base: {
      spectralNorm: needs.includes("spectralNorm") ? baseSpectralNorm.compute(input) : undefined,
      frobeniusNorm: needs.includes("frobeniusNorm") ? baseFrobeniusNorm.compute(input) : undefined,
      subspaceFactors: needs.includes("subspaceFactors") ? baseSubspaceFactors.compute(input) : undefined,
    },
  };
}
