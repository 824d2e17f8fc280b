import type { AnalyseReport, BaseAnalysis, ModuleAnalysis } from "@lora/jobs";
import { bytesText } from "../../format/bytes-text.ts";
import { numberText, percentText } from "../../format/number-text.ts";
import type { Column, ModuleRow } from "./column.ts";

/** Columns that can be filled: from the header, then from what was measured, then against the base. */
export function columnsFor(analysis: AnalyseReport | undefined): readonly Column[] {
  if (analysis === undefined) return HEADER;
  return analysis.base === null ? [...HEADER, ...MEASURED] : [...HEADER, ...MEASURED, ...AGAINST_BASE];
}

const HEADER: readonly Column[] = [
  {
    id: "name",
    title: "Module",
    meaning: "Name of the weight it changes",
    value: ({ summary }) => summary.name,
    text: ({ summary }) => summary.name,
  },
  {
    id: "kind",
    title: "Kind",
    meaning: "How the update is stored",
    value: ({ summary }) => summary.kind,
    text: ({ summary }) => summary.kind,
  },
  {
    id: "shape",
    title: "Shape",
    meaning: "Of the update: outputs × inputs × kernel",
    value: ({ summary }) => summary.shape.reduce((product, size) => product * size, 1),
    text: ({ summary }) => summary.shape.join(" × "),
  },
  number("rank", "Rank", "Directions it stores", ({ summary }) => summary.rank),
  number("alpha", "Alpha", "Its factor is alpha / rank", ({ summary }) => summary.alpha),
  {
    id: "bytes",
    title: "Size",
    meaning: "Stored bytes of its tensors",
    value: ({ summary }) => summary.bytes,
    text: ({ summary }) => bytesText(summary.bytes),
  },
];

const MEASURED: readonly Column[] = [
  measured("frobenius", "‖ΔW‖", "Frobenius norm of the update", ({ frobenius }) => frobenius),
  measured("spectral", "σ₁", "Largest singular value of the update", ({ spectral }) => spectral),
  measured("stable", "Stable", "Stable rank: ‖ΔW‖² / σ₁²", ({ stableRank }) => stableRank),
  measured(
    "effective",
    "Effective",
    "Effective rank: exp of the entropy of σ²",
    ({ effectiveRank }) => effectiveRank,
  ),
  measured("rank90", "r 90%", "Rank that keeps 90% of the energy", ({ rank90 }) => rank90),
  measured("rank99", "r 99%", "Rank that keeps 99% of the energy", ({ rank99 }) => rank99),
];

const AGAINST_BASE: readonly Column[] = [
  base(
    "ratio",
    "σ₁/‖W‖₂",
    "Largest singular value of the update, beside that of its weight",
    ({ svalRatios }) => svalRatios[0],
  ),
  base(
    "subspace",
    "σ₁/|f₁|",
    "Leading direction of the update, beside the weight along it",
    ({ subspaceRatios }) => subspaceRatios[0],
  ),
  {
    ...base("reinforcing", "f > 0", "Share of directions that reinforce what the weight does", reinforcing),
    text: ({ measured: module }) => percentText(module?.base && reinforcing(module.base)),
  },
];

function reinforcing({ subspaceFactors }: BaseAnalysis): number | null {
  if (subspaceFactors.length === 0) return null;
  return subspaceFactors.filter((factor) => factor > 0).length / subspaceFactors.length;
}

function number(
  id: string,
  title: string,
  meaning: string,
  value: (row: ModuleRow) => number | null | undefined,
): Column {
  return { id, title, meaning, value, text: (row) => numberText(value(row)) };
}

function measured(
  id: string,
  title: string,
  meaning: string,
  of: (module: ModuleAnalysis) => number,
): Column {
  return number(id, title, meaning, ({ measured: module }) => module && of(module));
}

function base(
  id: string,
  title: string,
  meaning: string,
  of: (base: BaseAnalysis) => number | null | undefined,
): Column {
  return number(id, title, meaning, ({ measured: module }) => module?.base && of(module.base));
}
