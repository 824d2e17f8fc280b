import type { ProductBasis } from "@lora/linalg";
import { loadDelta } from "@lora/peft";
import type { PoolTask } from "../pool/worker-pool.ts";
import { type PostedModule, receivedModule } from "../posted.ts";
import { writeKept, type WriteOrder, type WrittenFactors } from "./write-kept.ts";

/** A module to be written again. */
export interface WriteInput {
  readonly module: PostedModule;
  /** Of the module, where it was kept; left out, it is found again. */
  readonly basis: ProductBasis | undefined;
  /** Whether its pairs were chosen by Gram matrices summed in runs. */
  readonly inRuns: boolean;
  readonly order: WriteOrder;
}

/** Writes a module whose pairs were chosen after all spectra were known. */
export const writeFactors: PoolTask<WriteInput, WrittenFactors> = {
  name: "write",
  async run({ module, basis, inRuns, order }, engine) {
    const delta = await loadDelta(receivedModule(module), { engine });
    return writeKept({ delta, basis, inRuns, engine }, order);
  },
};
