import {
  type BaseWeightOptions,
  baseFrobeniusNorm,
  baseSpectralNorm,
  baseSubspaceFactors,
  baseWeight,
  subspaceRatios,
  svalRatios,
  type Update,
} from "@lora/metrics";
import { finiteOrNull } from "../arithmetic.ts";
import { finiteBaseWeight, type WeightPlace } from "../finite-base-weight.ts";
import type { BaseAnalysis } from "../reports.ts";

/** An update and the base weight it changes. */
export interface PairedUpdate extends WeightPlace {
  readonly update: Update;
}

/** What the values of a base weight say of an update. */
export type BaseMeasures = Omit<BaseAnalysis, "tensor" | "rows">;

/** Measures an update against its base weight. */
export async function measureBase(
  { update, ...place }: PairedUpdate,
  options: BaseWeightOptions,
): Promise<BaseMeasures> {
  const weight = await finiteBaseWeight(place);
  const input = { update, base: baseWeight(weight, options) };
  return {
    spectralNorm: baseSpectralNorm.compute(input),
    frobeniusNorm: baseFrobeniusNorm.compute(input),
    subspaceFactors: [...baseSubspaceFactors.compute(input)],
    subspaceRatios: Array.from(subspaceRatios.compute(input), finiteOrNull),
    svalRatios: Array.from(svalRatios.compute(input), finiteOrNull),
  };
}
