import type { EngineOptions, Matrix } from "@lora/linalg";
import { LoraError } from "@lora/tensor";
import type { ActivationSource } from "./activation-source.ts";
import { countedTokens } from "./counted-tokens.ts";
import { addToCovariance, covarianceOf, type CovarianceSum } from "./input-covariance.ts";

/**
 * The covariance of the inputs of modules, over all batches: what the initialiser `corda` takes. One matrix of
 * in × in a module is in memory, so that many wide modules are better taken a few at a time.
 *
 * @throws LoraError MISSING when there is no batch, or one has no inputs of a module; as `addToCovariance` does
 */
export async function inputCovariances(
  modules: readonly string[],
  source: ActivationSource,
  options: EngineOptions = {},
): Promise<ReadonlyMap<string, Matrix>> {
  const sums = new Map<string, CovarianceSum>();
  for await (const batch of source.batches()) {
    for (const module of modules) {
      sums.set(module, addToCovariance(sums.get(module), countedTokens(batch, module), options));
    }
  }
  if (sums.size < modules.length) throw noBatch();
  return new Map([...sums].map(([module, sum]) => [module, covarianceOf(sum)]));
}

/** The error for a source without batches. */
export function noBatch(): LoraError {
  return new LoraError("MISSING", "there is no batch among the activations", {
    advice: "give the inputs of one forward pass at least",
  });
}
