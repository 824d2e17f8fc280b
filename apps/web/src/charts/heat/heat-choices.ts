import type { AnalyseReport, InspectReport, ModuleAnalysis } from "@lora/jobs";
import { numberText, percentText } from "../../format/number-text.ts";
import type { HeatValues } from "./heat-values.ts";
import { valuesByModule } from "./values-by-module.ts";

type Measure = (module: ModuleAnalysis) => number | null;

const MEASURES: readonly (readonly [title: string, measure: Measure, text: HeatValues["text"]])[] = [
  ["Norm of the update", ({ frobenius }) => frobenius, numberText],
  ["Largest singular value", ({ spectral }) => spectral, numberText],
  ["Effective rank", ({ effectiveRank }) => effectiveRank, numberText],
  [
    "Used share of the rank",
    ({ effectiveRank, rank }) => (rank === 0 ? null : effectiveRank / rank),
    percentText,
  ],
  ["Rank for 90% of the energy", ({ rank90 }) => rank90, numberText],
];

const BESIDE_BASE: typeof MEASURES = [
  ["Norm beside the weight", ({ frobenius, base }) => ratio(frobenius, base?.frobeniusNorm), percentText],
  ["σ₁ beside the weight's", ({ spectral, base }) => ratio(spectral, base?.spectralNorm), percentText],
];

/** What a heat map can show: ranks from the header on, the rest when it is measured. */
export function heatChoices({ modules }: InspectReport, analysis: AnalyseReport | undefined): HeatValues[] {
  const rank: HeatValues = { title: "Rank", values: modules.map((module) => module.rank), text: numberText };
  if (analysis === undefined) return [rank];
  const measures = analysis.base === null ? MEASURES : [...MEASURES, ...BESIDE_BASE];
  const measured = measures.map(([title, measure, text]) => ({
    title,
    values: valuesByModule(modules, analysis.modules, measure),
    text,
  }));
  return [...measured, rank];
}

function ratio(value: number, to: number | undefined): number | null {
  return to === undefined || to === 0 ? null : value / to;
}
