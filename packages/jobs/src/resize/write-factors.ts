import { type EncodedFactors, loadDelta } from "@lora/peft";
import type { DType } from "@lora/tensor";
import type { PoolTask } from "../pool/worker-pool.ts";
import { type PostedModule, receivedModule } from "../posted.ts";
import { balancedFactors } from "./keep.ts";
import { rounded } from "./rounding.ts";
import { type UpdateError, updateError } from "./update-error.ts";

/** A module to be written again. */
export interface WriteInput {
  readonly module: PostedModule;
  /** Ascending indices of the singular pairs that stay. */
  readonly kept: readonly number[];
  /** What a reader of the new file multiplies with. */
  readonly storedScale: number;
  /** What the update is multiplied with. */
  readonly rescale: number;
  readonly dtype: DType;
}

/** The factors as they are stored, and how far their product is from what was asked for. */
export interface WrittenFactors extends EncodedFactors {
  readonly error: UpdateError;
}

/** Makes the factors of a truncated update, rounds them and measures what that cost. */
export const writeFactors: PoolTask<WriteInput, WrittenFactors> = {
  name: "write",
  async run({ module, kept, storedScale, rescale, dtype }, engine) {
    const svd = (await loadDelta(receivedModule(module), { engine })).svd();
    const exact = balancedFactors(svd, kept, rescale / storedScale);
    const [up, down] = [rounded(exact.up, dtype), rounded(exact.down, dtype)];
    const values = { up: up.values, down: down.values };
    const error = updateError(svd, { kept, storedScale, rescale, exact, rounded: values, engine });
    return { up: up.bytes, down: down.bytes, error };
  },
};
