import { type Engine, pairsOf, type ProductBasis, type ProductPairs } from "@lora/linalg";
import { type Delta, type EncodedFactors, loadDelta } from "@lora/peft";
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
  readonly basis: ProductBasis | undefined;
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
  async run({ module, basis: known, kept, storedScale, rescale, dtype }, engine) {
    const delta = await loadDelta(receivedModule(module), { engine });
    const factors = delta.storedFactors();
    const { basis, pairs } = keptPairs(delta, known, { kept, engine });
    const exact = balancedFactors(factors, pairs, { gain: rescale / storedScale, engine });
    const [up, down] = [rounded(exact.up, dtype), rounded(exact.down, dtype)];
    const keptSet = new Set(kept);
    const error = updateError({
      factors,
      basis,
      pairs,
      dropped: basis.s.filter((_, index) => !keptSet.has(index)),
      storedScale,
      rescale,
      exact,
      rounded: { up: up.values, down: down.values },
      engine,
    });
    return { up: up.bytes, down: down.bytes, error };
  },
};

interface Kept {
  readonly basis: ProductBasis;
  readonly pairs: ProductPairs;
}

/** From what is known of the update where that gives them, else from its whole spectrum. */
function keptPairs(
  delta: Delta,
  known: ProductBasis | undefined,
  { kept, engine }: { readonly kept: readonly number[]; readonly engine: Engine },
): Kept {
  const basis = known ?? delta.basis();
  const pairs = pairsOf(basis, kept, { engine });
  if (pairs !== undefined) return { basis, pairs };
  const spectrum = delta.spectrum();
  return { basis: spectrum, pairs: pairsOf(spectrum, kept, { engine }) };
}
