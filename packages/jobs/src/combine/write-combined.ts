import type { EncodedFactors } from "@lora/peft";
import type { DType } from "@lora/tensor";
import type { PoolTask } from "../pool/worker-pool.ts";
import { rounded } from "../resize/rounding.ts";
import { productDistance } from "./distance.ts";
import { exactFactors } from "./exact-factors.ts";
import { loadUpdates, type UpdatesToCombine } from "./made-update.ts";

/** A weight whose combined update is to be written. */
export interface WriteCombinedInput extends UpdatesToCombine {
  readonly rank: number;
  /** ‖Σ wᵢ·ΔWᵢ‖_F */
  readonly sumNorm: number;
  /** What a reader of the new file multiplies with. */
  readonly storedScale: number;
  readonly dtype: DType;
}

/** The factors as they are stored, and how far their product is from what was meant. */
export interface WrittenUpdates extends EncodedFactors {
  /** ‖ΔW′ − ΔW‖_F, ΔW what the method makes: truncation and rounding. */
  readonly error: number;
  /** ‖ΔW‖_F */
  readonly norm: number;
  /** ‖ΔW′ − Σ wᵢ·ΔWᵢ‖_F */
  readonly distance: number;
  /** ‖Σ wᵢ·ΔWᵢ‖_F */
  readonly sumNorm: number;
}

/** Combines the updates of a weight, truncates and rounds the result, and measures what that cost. */
export const writeCombined: PoolTask<WriteCombinedInput, WrittenUpdates> = {
  name: "write combined",
  async run(input, engine) {
    const updates = await loadUpdates(input, engine, input.rank);
    const { sumNorm, storedScale, dtype } = input;
    const { exact, isSum, norm, error } = exactFactors(input, updates, engine);
    const [up, down] = [rounded(exact.up, dtype), rounded(exact.down, dtype)];
    const written = { up: up.values, down: down.values };
    const result = { up: up.bytes, down: down.bytes, error: error(written), sumNorm };
    if (isSum) return { ...result, norm: sumNorm, distance: result.error };
    const sum = updates.sum.storedFactors();
    const distance = productDistance({ ...written, scale: storedScale }, sum, { engine });
    return { ...result, norm: norm(), distance };
  },
};
