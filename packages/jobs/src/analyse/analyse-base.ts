import {
  baseFrobeniusNorm,
  baseSpectralNorm,
  baseSubspaceFactors,
  baseWeight,
  subspaceRatios,
  svalRatios,
  type Update,
} from "@lora/metrics";
import { type AdapterModule, type PairedWeight, readBaseWeight } from "@lora/peft";
import { finiteOrNull } from "../arithmetic.ts";
import type { BaseAnalysis } from "../reports.ts";
import type { AnalyseContext } from "./analyse-module.ts";

/** An update and the base weight it changes. */
export interface PairedUpdate {
  readonly module: AdapterModule;
  readonly update: Update;
  readonly pair: PairedWeight;
}

/** Measures an update against its base weight, which is read here and forgotten. */
export async function analyseBase(
  { module, update, pair }: PairedUpdate,
  context: AnalyseContext,
): Promise<BaseAnalysis> {
  const weight = await readBaseWeight(pair, module, { as: "f32", signal: context.signal });
  const input = { update, base: baseWeight(weight, { seed: context.seed }) };
  return {
    tensor: pair.name,
    rows: pair.rows ?? null,
    spectralNorm: baseSpectralNorm.compute(input),
    frobeniusNorm: baseFrobeniusNorm.compute(input),
    subspaceFactors: [...baseSubspaceFactors.compute(input)],
    subspaceRatios: Array.from(subspaceRatios.compute(input), finiteOrNull),
    svalRatios: Array.from(svalRatios.compute(input), finiteOrNull),
  };
}
