import type { ProductBasis } from "@lora/linalg";
import { type BaseNeed, type BaseReference, loadDelta } from "@lora/peft";
import { locate } from "@lora/tensor";
import type { PoolTask } from "../pool/worker-pool.ts";
import { type PlacedWeight, type PostedModule, type PostedWeight, receivedModule } from "../posted.ts";
import { baseReference } from "./base-reference.ts";
import type { Decision } from "./early-writer.ts";
import { keptPairs, type KnownUpdate } from "./kept-pairs.ts";
import { tellsPairs } from "./tells-pairs.ts";
import { type EarlyFactors, writeKept } from "./write-kept.ts";

/** A module whose spectrum is wanted, with the weight it changes where the rule asks for facts of it. */
export interface DecomposeInput {
  readonly module: PostedModule;
  readonly weight: PostedWeight | PlacedWeight | undefined;
  readonly needs: readonly BaseNeed[];
  /** Of the start vectors of iterative norms. */
  readonly seed: number;
  /** Ask at once what is kept and written, while everything is at hand. */
  readonly asks: boolean;
  /** Ask about values of Gram matrices summed in runs first. */
  readonly inRuns: boolean;
}

/** What a rule looks at. */
export interface Measured {
  /** Of the update, scale included. */
  readonly s: Float64Array;
  readonly base: BaseReference | undefined;
}

/** An update whose values are known. */
type Known = KnownUpdate & { readonly basis: ProductBasis };

/** What a rule looks at, and what the update is written from, or its factors where they are written. */
export interface Decomposed extends Measured {
  /** Whether values were found by Gram matrices summed in runs. */
  readonly inRuns: boolean;
  readonly basis: ProductBasis | undefined;
  readonly written: EarlyFactors | undefined;
}

/**
 * Decomposes an update and measures its base weight, and where the answer says so writes the update as well. What is cut far above
 * the rounding of f32 is decided by Gram matrices of runs; else the question is asked again.
 */
export const decompose: PoolTask<DecomposeInput, Decomposed, Measured, Decision> = {
  name: "decompose",
  async run({ module: posted, weight, needs, seed, asks, inRuns }, engine, { files, ask }) {
    const module = receivedModule(posted);
    const delta = await loadDelta(module, { engine });
    const wantsAll = needs.includes("subspaceFactors");
    const rough = asks && inRuns && !wantsAll ? delta.basisInRuns?.() : undefined;
    const first: Known = { delta, basis: rough ?? delta.basis(), inRuns: rough !== undefined, engine };
    // Only the subspace of all vectors is compared with that of the base.
    const found = wantsAll ? keptPairs(first, [...first.basis.s.keys()]) : undefined;
    const update = found && { factors: delta.storedFactors(), spectrum: found.pairs };
    const base =
      weight &&
      (await locate({ module: module.name }, async () =>
        baseReference(weight, update, { needs, seed, engine, files }),
      ));
    const known = found ? { ...first, basis: found.basis } : first;
    if (!asks) return measured(known, base);
    const decision = await ask({ s: known.basis.s, base });
    if (rough === undefined || tellsPairs(rough, decision.kept)) return decided(known, base, decision);
    const exact = { ...known, basis: delta.basis(), inRuns: false };
    return decided(exact, base, await ask({ s: exact.basis.s, base }));
  },
};

function measured({ basis, inRuns }: Known, base: BaseReference | undefined): Decomposed {
  return { s: basis.s, base, inRuns, basis, written: undefined };
}

function decided(known: Known, base: BaseReference | undefined, { write: order }: Decision): Decomposed {
  if (order === undefined) return measured(known, base);
  const written = { order, factors: writeKept(known, order) };
  return { s: known.basis.s, base, inRuns: known.inRuns, basis: undefined, written };
}
