import type { TensorFile } from "@lora/tensor";
import { norm, relative } from "../arithmetic.ts";
import type { ExtractReport } from "../model-reports.ts";
import { fileSummary, rankSummary } from "../summaries.ts";
import type { ExtractedWeight } from "./extract.ts";
import type { KeptRank } from "./leading-pairs.ts";
import type { RestTensor } from "./rest-tensors.ts";

/** What a report is made from. */
export interface ExtractResult {
  readonly base: TensorFile;
  readonly tuned: TensorFile;
  readonly weights: readonly ExtractedWeight[];
  readonly rest: readonly RestTensor[];
  readonly kept: readonly RestTensor[];
  readonly options: KeptRank;
  readonly written: { readonly path: string; readonly bytes: number };
}

/** The report of an extracted adapter. Errors are relative to the difference, those of the model to its tuned weights' own. */
export function extractReport(result: ExtractResult): ExtractReport {
  const { base, tuned, weights, rest, kept, options, written } = result;
  const found = weights.filter(({ factors }) => factors.rank > 0);
  const errors = found.map(({ factors }) => factors.error);
  const names = new Set(kept.map(({ name }) => name));
  const only = (one: TensorFile, other: TensorFile): string[] =>
    [...one.tensors.keys()].filter((name) => !other.tensors.has(name));
  return {
    job: "extract",
    base: fileSummary(base),
    tuned: fileSummary(tuned),
    rule: ruleText(options),
    output: { ...written, rank: rankSummary(found.map(({ factors }) => factors.rank)) },
    frobenius: norm(found.map(({ factors }) => factors.frobenius)),
    relativeErrorFrobenius: relative(norm(errors), norm(found.map(({ factors }) => factors.frobenius))) ?? 0,
    weights: found.map(({ name, factors }) => ({
      name,
      rank: factors.rank,
      frobenius: factors.frobenius,
      relative: relative(factors.frobenius, factors.baseFrobenius),
      relativeErrorFrobenius: factors.error / factors.frobenius,
      largest: factors.largest,
    })),
    unchanged: weights.length - found.length,
    rest: rest.map(({ name, frobenius }) => ({ name, frobenius, kept: names.has(name) })),
    onlyInBase: only(base, tuned),
    onlyInTuned: only(tuned, base),
  };
}

function ruleText({ rank, energy, error, maxRank }: KeptRank): string {
  const rule =
    rank === undefined ? (energy === undefined ? `error ${error}` : `energy ${energy}`) : `rank ${rank}`;
  return maxRank === undefined ? rule : `${rule}, at most rank ${maxRank}`;
}
