import { baseFrobeniusNorm, baseSpectralNorm, baseSubspaceFactors, baseWeight } from "@lora/metrics";
import { type BaseNeed, type BaseReference, loadDelta } from "@lora/peft";
import { finiteBaseWeight } from "../finite-base-weight.ts";
import type { PoolTask } from "../pool/worker-pool.ts";
import { type PostedModule, type PostedWeight, receivedModule, receivedWeight } from "../posted.ts";

/** A module whose spectrum is wanted, with the weight it changes where the rule asks for facts of it. */
export interface DecomposeInput {
  readonly module: PostedModule;
  readonly weight: PostedWeight | undefined;
  readonly needs: readonly BaseNeed[];
  /** Of the start vectors of iterative norms. */
  readonly seed: number;
}

/** What a rule looks at. */
export interface Decomposed {
  /** Singular values of the update, scale included, descending. */
  readonly s: Float64Array;
  readonly base: BaseReference | undefined;
}

/** Decomposes an update and measures its base weight. */
export const decompose: PoolTask<DecomposeInput, Decomposed> = {
  name: "decompose",
  async run({ module: posted, weight, needs, seed }, engine) {
    const module = receivedModule(posted);
    const update = (await loadDelta(module, { engine })).svd();
    if (weight === undefined) return { s: update.s, base: undefined };
    const base = baseWeight(await finiteBaseWeight(receivedWeight(module, weight)), { seed, engine });
    const input = { update, base };
    return {
      s: update.s,
      base: {
        spectralNorm: needs.includes("spectralNorm") ? baseSpectralNorm.compute(input) : undefined,
        frobeniusNorm: needs.includes("frobeniusNorm") ? baseFrobeniusNorm.compute(input) : undefined,
        subspaceFactors: needs.includes("subspaceFactors") ? baseSubspaceFactors.compute(input) : undefined,
      },
    };
  },
};
