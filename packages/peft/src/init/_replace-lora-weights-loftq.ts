import type { EngineOptions, Matrix } from "@lora/linalg";
import { LoraError } from "@lora/tensor";
import { fittedToLoss } from "./_fitted-to-loss.ts";
import type { InitFactors } from "./_initialiser.ts";

/** A module of a quantised base. */
export interface QuantisedModule {
  readonly name: string;
  readonly rank: number;
  readonly scale: number;
  /** out × in, before quantising */
  readonly weight: Matrix;
  /** out × in, as read back from the quantised base */
  readonly quantised: Matrix;
}

export interface ReplaceLoftqOptions extends EngineOptions {
  /** Called with the new factors of a module; false keeps the old ones. All are taken when left out. */
  readonly accept?: ((module: string, factors: InitFactors) => boolean | Promise<boolean>) | undefined;
  /** Make factors for a scale of 1, whatever the scale is, as PEFT does. */
  readonly peftScale?: boolean | undefined;
}

/**
 * New factors for an adapter on a base that is quantised already: the best approximation, at each module's rank, of
 * what quantising lost. One module is in memory at a time where `modules` makes them one by one.
 *
 * @returns the factors of the modules that were accepted
 * @throws LoraError MISSING when there are no modules
 * @see PEFT replace_lora_weights_loftq; Li et al. 2023, arXiv 2310.08659
 */
export async function replaceLoraWeightsLoftq(
  modules: AsyncIterable<QuantisedModule> | Iterable<QuantisedModule>,
  { accept, peftScale = false, engine }: ReplaceLoftqOptions = {},
): Promise<ReadonlyMap<string, InitFactors>> {
  const replaced = new Map<string, InitFactors>();
  let seen = 0;
  for await (const { name, rank, scale, weight, quantised } of modules) {
    seen += 1;
    const factors = fittedToLoss(weight, quantised, { rank, scale: peftScale ? 1 : scale, engine });
    if (accept === undefined || (await accept(name, factors))) replaced.set(name, factors);
  }
  if (seen > 0) return replaced;
  throw new LoraError("MISSING", "there is no quantised module whose factors could be replaced");
}
