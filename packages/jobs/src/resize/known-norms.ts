import type { BaseNeed, BaseReference, PairedWeight } from "@lora/peft";

/** Norms of a base weight. */
export type WeightNorms = Pick<BaseReference, "spectralNorm" | "frobeniusNorm">;

/** Norms of base weights that were found before, by `normKey`; those that are found are added. */
export type KnownNorms = Pick<Map<string, WeightNorms>, "get" | "set">;

/** What a weight is known by: its tensor, and the rows of it where a module changes only those. */
export function normKey({ name, rows }: PairedWeight): string {
  return rows === undefined ? name : `${name}[${rows[0]}:${rows[1]}]`;
}

/** The facts of a weight that are not known yet. */
export function unknownNeeds(needs: readonly BaseNeed[], known: WeightNorms | undefined): BaseNeed[] {
  return needs.filter((need) => need === "subspaceFactors" || known?.[need] === undefined);
}

/** Everything that is known of a weight after this reference has been found; what is of use later goes to `norms`. */
export function remembered(
  pair: PairedWeight,
  found: BaseReference | undefined,
  norms: KnownNorms | undefined,
): BaseReference {
  const known = norms?.get(normKey(pair));
  const spectralNorm = found?.spectralNorm ?? known?.spectralNorm;
  const frobeniusNorm = found?.frobeniusNorm ?? known?.frobeniusNorm;
  norms?.set(normKey(pair), { spectralNorm, frobeniusNorm });
  return { ...found, spectralNorm, frobeniusNorm };
}
