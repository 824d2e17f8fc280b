import {
  baseFrobeniusNorm,
  baseSpectralNorm,
  baseSubspaceFactors,
  type MetricInput,
  subspaceRatios,
  svalRatios,
} from "@lora/metrics";
import { finiteOrNull } from "../arithmetic.ts";
import type { BaseAnalysis } from "../reports.ts";

/** What the values of a base weight say of an update. */
export type BaseMeasures = Omit<BaseAnalysis, "tensor" | "rows">;

/** Measures an update against its base weight. */
export function measureBase(input: MetricInput): BaseMeasures {
  return {
    spectralNorm: baseSpectralNorm.compute(input),
    frobeniusNorm: baseFrobeniusNorm.compute(input),
    subspaceFactors: [...baseSubspaceFactors.compute(input)],
    subspaceRatios: Array.from(subspaceRatios.compute(input), finiteOrNull),
    svalRatios: Array.from(svalRatios.compute(input), finiteOrNull),
  };
}
