import {
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
import type { AnalyseContext } from "./analyse-module.ts";

/** An update and the base weight it changes. */
export interface PairedUpdate extends WeightPlace {
  readonly update: Update;
}

/** Measures an update against its base weight, which is read here and forgotten. */
export async function analyseBase(
  { update, ...place }: PairedUpdate,
  context: AnalyseContext,
): Promise<BaseAnalysis> {
  const weight = await finiteBaseWeight(place, context.signal);
  const input = { update, base: baseWeight(weight, { seed: context.seed }) };
  return {
    tensor: place.pair.name,
    rows: place.pair.rows ?? null,
    spectralNorm: baseSpectralNorm.compute(input),
    frobeniusNorm: baseFrobeniusNorm.compute(input),
    subspaceFactors: [...baseSubspaceFactors.compute(input)],
    subspaceRatios: Array.from(subspaceRatios.compute(input), finiteOrNull),
    svalRatios: Array.from(svalRatios.compute(input), finiteOrNull),
  };
}
