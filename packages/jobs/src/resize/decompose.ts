import type { ProductBasis } from "@lora/linalg";
import { type BaseNeed, type BaseReference, loadDelta } from "@lora/peft";
import { locate } from "@lora/tensor";
import type { PoolTask } from "../pool/worker-pool.ts";
import { type PlacedWeight, type PostedModule, type PostedWeight, receivedModule } from "../posted.ts";
import { baseReference } from "./base-reference.ts";

/** A module whose spectrum is wanted, with the weight it changes where the rule asks for facts of it. */
export interface DecomposeInput {
  readonly module: PostedModule;
  readonly weight: PostedWeight | PlacedWeight | undefined;
  readonly needs: readonly BaseNeed[];
  /** Of the start vectors of iterative norms. */
  readonly seed: number;
}

/** What a rule looks at. */
export interface Decomposed {
  /** Of the update, scale included. */
  readonly basis: ProductBasis;
  readonly base: BaseReference | undefined;
}

/** Decomposes an update and measures its base weight. */
export const decompose: PoolTask<DecomposeInput, Decomposed> = {
  name: "decompose",
  async run({ module: posted, weight, needs, seed }, engine, files) {
    const module = receivedModule(posted);
    const delta = await loadDelta(module, { engine });
    // Only the subspace of all vectors is compared with that of the base.
    const spectrum = needs.includes("subspaceFactors") ? delta.spectrum() : undefined;
    const update = spectrum && { factors: delta.storedFactors(), spectrum };
    const base =
      weight &&
      (await locate({ module: module.name }, async () =>
        baseReference(weight, update, { needs, seed, engine, files }),
      ));
    return { basis: spectrum ?? delta.basis(), base };
  },
};
