import type { Matrix, SpectralNorm } from "@lora/linalg";
import { LoraError } from "@lora/tensor";
import type { BaseWeight } from "./base-weight.ts";

/** What was found out about a base weight somewhere else, on a device for example. */
export interface BaseFacts {
  readonly out: number;
  readonly in: number;
  readonly spectralNorm?: SpectralNorm | undefined;
  readonly frobeniusNorm?: number | undefined;
  /** W·v for the v it was multiplied with. */
  readonly timesInputs?: { readonly v: Matrix; readonly product: Matrix } | undefined;
}

/**
 * A base weight of which the facts are known and not the values.
 *
 * @throws LoraError MISSING, from the methods, where a metric asks for a fact that is not among them
 */
export function measuredBase(facts: BaseFacts): BaseWeight {
  return {
    out: facts.out,
    in: facts.in,
    spectralNorm: () => facts.spectralNorm ?? absent("spectralNorm"),
    frobeniusNorm: () => facts.frobeniusNorm ?? absent("frobeniusNorm"),
    timesInputs: (v) => (facts.timesInputs?.v === v ? facts.timesInputs.product : absent("timesInputs")),
    timesOutputs: () => absent("timesOutputs"),
  };
}

function absent(fact: keyof BaseWeight): never {
  throw new LoraError("MISSING", `${fact} of this base weight was not measured`, {
    fact,
    advice: "measure it before, or give the values of the weight",
  });
}
