import type { ProductBasis } from "@lora/linalg";
import { type BaseNeed, type BaseReference, loadDelta } from "@lora/peft";
import { locate } from "@lora/tensor";
import type { PoolTask } from "../pool/worker-pool.ts";
import { type PlacedWeight, type PostedModule, type PostedWeight, receivedModule } from "../posted.ts";
import { baseReference } from "./base-reference.ts";
import { keptPairs } from "./kept-pairs.ts";
import { type EarlyFactors, writeKept, type WriteOrder } from "./write-kept.ts";

/** A module whose spectrum is wanted, with the weight it changes where the rule asks for facts of it. */
export interface DecomposeInput {
  readonly module: PostedModule;
  readonly weight: PostedWeight | PlacedWeight | undefined;
  readonly needs: readonly BaseNeed[];
  /** Of the start vectors of iterative norms. */
  readonly seed: number;
  /** Ask at once what is to be written, while everything is at hand. */
  readonly asks: boolean;
}

/** What a rule looks at. */
export interface Measured {
  /** Of the update, scale included. */
  readonly s: Float64Array;
  readonly base: BaseReference | undefined;
}

/** What a rule looks at, and what the update is written from, or its factors where they are written. */
export interface Decomposed extends Measured {
  readonly basis: ProductBasis | undefined;
  readonly written: EarlyFactors | undefined;
}

/** Decomposes an update and measures its base weight. Where the answer is an order, it writes the update as well. */
export const decompose: PoolTask<DecomposeInput, Decomposed, Measured, WriteOrder | undefined> = {
  name: "decompose",
  async run({ module: posted, weight, needs, seed, asks }, engine, { files, ask }) {
    const module = receivedModule(posted);
    const delta = await loadDelta(module, { engine });
    const first = delta.basis();
    // Only the subspace of all vectors is compared with that of the base.
    const { basis, pairs } = needs.includes("subspaceFactors")
      ? keptPairs({ delta, basis: first, engine }, [...first.s.keys()])
      : { basis: first, pairs: undefined };
    const update = pairs && { factors: delta.storedFactors(), spectrum: pairs };
    const base =
      weight &&
      (await locate({ module: module.name }, async () =>
        baseReference(weight, update, { needs, seed, engine, files }),
      ));
    const { s } = basis;
    const order = asks ? await ask({ s, base }) : undefined;
    if (order === undefined) return { s, base, basis, written: undefined };
    const written = { order, factors: writeKept({ delta, basis, engine }, order) };
    return { s, base, basis: undefined, written };
  },
};
