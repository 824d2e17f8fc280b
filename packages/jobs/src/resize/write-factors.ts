import type { ProductSpectrum } from "@lora/linalg";
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
  /** Of the module, where it was kept; left out, it is found again. */
  readonly spectrum: ProductSpectrum | undefined;
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
  async run({ module, spectrum: known, kept, storedScale, rescale, dtype }, engine) {
    const delta = await loadDelta(receivedModule(module), { engine });
    const factors = delta.storedFactors();
    const spectrum = known ?? delta.spectrum();
    const exact = balancedFactors(factors, spectrum, { kept, gain: rescale / storedScale, engine });
    const [up, down] = [rounded(exact.up, dtype), rounded(exact.down, dtype)];
    const error = updateError({
      factors,
      spectrum,
      kept,
      storedScale,
      rescale,
      exact,
      rounded: { up: up.values, down: down.values },
      engine,
    });
    return { up: up.bytes, down: down.bytes, error };
  },
};
