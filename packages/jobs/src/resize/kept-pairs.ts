import { type Engine, pairsOf, type ProductBasis, type ProductPairs } from "@lora/linalg";
import type { Delta } from "@lora/peft";

/** An update, and what is known of its singular pairs. */
export interface KnownUpdate {
  readonly delta: Delta;
  /** Found again when left out. */
  readonly basis: ProductBasis | undefined;
  /** Whether that is, or will be, one of Gram matrices summed in runs. */
  readonly inRuns: boolean;
  readonly engine: Engine;
}

/** Singular pairs, and what they were found from. */
export interface KeptPairs {
  readonly basis: ProductBasis;
  readonly pairs: ProductPairs;
}

/** Singular pairs by their indices: from what is known of the update where that gives them, else from its whole spectrum. */
export function keptPairs(
  { delta, basis: known, inRuns, engine }: KnownUpdate,
  kept: readonly number[],
): KeptPairs {
  const basis = known ?? (inRuns ? delta.basisInRuns?.() : undefined) ?? delta.basis();
  const pairs = pairsOf(basis, kept, { engine });
  if (pairs !== undefined) return { basis, pairs };
  const spectrum = delta.spectrum();
  return { basis: spectrum, pairs: pairsOf(spectrum, kept, { engine }) };
}
