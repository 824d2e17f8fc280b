import {
  alphaOverRank,
  balance,
  effectiveRank,
  energyRank,
  frobenius,
  halfRange,
  type MetricInput,
  numericalRank,
  spectral,
  stableRank,
  type StoredFactors,
  type Update,
  zeroModule,
} from "@lora/metrics";
import { type AdapterModule, loadDelta, type PairedWeight } from "@lora/peft";
import { locate, readValues } from "@lora/tensor";
import { finiteOrNull } from "../arithmetic.ts";
import type { ModuleAnalysis } from "../reports.ts";
import { moduleSummary } from "../summaries.ts";
import { analyseBase } from "./analyse-base.ts";

/** What goes with a measurement. */
export interface AnalyseContext {
  readonly seed: number;
  readonly signal: AbortSignal | undefined;
}

/** Where the weight of a module is, and in which file. */
export interface BaseWeightPlace {
  readonly pair: PairedWeight;
  /** Name of the base. */
  readonly file: string;
}

/** Measures one module, and its place in the base weight where there is one. */
export async function analyseModule(
  module: AdapterModule,
  paired: BaseWeightPlace | undefined,
  context: AnalyseContext,
): Promise<ModuleAnalysis> {
  return locate({ module: module.name }, async () => {
    const delta = await loadDelta(module, context.signal);
    const update: Update = { ...delta.svd(), stored: await storedFactors(module, context.signal) };
    const base = paired && (await analyseBase({ module, update, ...paired }, context));
    return { ...moduleSummary(module), ...measures({ update }), ...(base && { base }) };
  });
}

function measures(input: MetricInput): Omit<ModuleAnalysis, keyof ReturnType<typeof moduleSummary> | "base"> {
  const half = halfRange.compute(input);
  const ranks = energyRank.compute(input);
  return {
    singularValues: [...input.update.s],
    frobenius: frobenius.compute(input),
    spectral: spectral.compute(input),
    stableRank: stableRank.compute(input),
    effectiveRank: effectiveRank.compute(input),
    numericalRank: numericalRank.compute(input),
    rank90: ranks.p90,
    rank99: ranks.p99,
    alphaOverRank: alphaOverRank.compute(input),
    balance: finiteOrNull(balance.compute(input)),
    halfOverflow: half.overflow,
    halfUnderflow: half.subnormal + half.flushed,
    zero: zeroModule.compute(input),
  };
}

/** The factors as the file holds them, as matrices; a Tucker core is not among them. */
async function storedFactors(module: AdapterModule, signal: AbortSignal | undefined): Promise<StoredFactors> {
  const read = async (part: "up" | "down"): Promise<StoredFactors["up"]> => {
    const { tensor } = module.parts.get(part)!;
    const data = await readValues(tensor, { as: "f64", signal });
    const rows = tensor.shape[0]!;
    return { rows, cols: data.length / rows, data };
  };
  return { up: await read("up"), down: await read("down"), scale: module.scale, alpha: module.alpha };
}
