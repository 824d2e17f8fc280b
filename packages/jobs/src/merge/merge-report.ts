import type { TensorFile } from "@lora/tensor";
import { finiteOrNull, norm, relative } from "../arithmetic.ts";
import type { MergedModule, MergeReport } from "../model-reports.ts";
import { fileSummary } from "../summaries.ts";
import type { RowsChange } from "./change.ts";
import type { MergeNotes } from "./merge-notes.ts";
import type { MergePlan, WeightedAdapter } from "./merge-plan.ts";

/** Where a merged model was written. */
export interface MergeWritten {
  readonly path: string;
  readonly bytes: number;
  /** Its files of weights. */
  readonly files: readonly string[];
  /** Those of them that an interrupted run had finished. */
  readonly resumed: readonly string[];
}

/** What a report is made from. */
export interface MergeResult {
  readonly base: TensorFile;
  readonly adapters: readonly WeightedAdapter[];
  readonly plan: MergePlan;
  readonly notes: MergeNotes;
  readonly untied: boolean;
  readonly unmerge: boolean;
  readonly written: MergeWritten;
}

/** The report of a merge whose file has been written. */
export function mergeReport(result: MergeResult): MergeReport {
  const { base, adapters, plan, untied, unmerge, written } = result;
  const changes = [...plan.changes];
  const weights = changes.flatMap(([tensor, change]) =>
    change.kind === "add"
      ? change.parts.map((part) => ({ tensor, part, ...factsOf(result, tensor, part) }))
      : [],
  );
  const modules = weights.flatMap(mergedModules);
  const rounding = weights.map(({ rounding: error }) => error);
  return {
    job: "merge",
    unmerge,
    base: fileSummary(base),
    adapters: adapters.map(({ adapter, weight }) => ({
      ...fileSummary(adapter.file),
      weight,
      dialect: adapter.detection.dialect,
      modules: adapter.modules.length,
      merged: modules.filter(({ adapter: name }) => name === adapter.file.name).length,
    })),
    output: written,
    tensors: {
      changed: weights.length,
      replaced: changes.flatMap(([name, change]) => (change.kind === "replace" ? [name] : [])),
      untouched: base.tensors.size - changes.filter(([name]) => base.tensors.has(name)).length,
    },
    frobenius: finiteOrNull(norm(weights.map(({ frobenius }) => frobenius ?? Number.NaN))),
    roundingError: finiteOrNull(norm(rounding.map((error) => error ?? Number.NaN))),
    modules,
    unpaired: plan.unpaired.map(({ adapter, module, reason, nearest }) => ({
      adapter,
      module,
      reason,
      nearest: nearest ?? null,
    })),
    leftOut: plan.leftOut,
    warnings: warnings(result, modules, { untied, unmerge }),
  };
}

interface WeightFacts {
  readonly base: number | null;
  readonly rounding: number | null;
  readonly frobenius: number | null;
  readonly each: readonly number[];
}

function factsOf({ notes }: MergeResult, tensor: string, part: RowsChange): WeightFacts {
  const facts = notes.of(tensor, part);
  if (facts === undefined) return { base: null, rounding: null, frobenius: null, each: [] };
  const { addedSquares, frobenius } = facts;
  const hasMagnitude = part.contributions.some(({ magnitude }) => magnitude !== undefined);
  const measured = hasMagnitude && addedSquares !== undefined ? Math.sqrt(addedSquares) : undefined;
  return {
    base: finiteOrNull(Math.sqrt(facts.squares)),
    rounding: finiteOrNull(Math.sqrt(facts.errorSquares)),
    frobenius: measured ?? norm(frobenius),
    each: measured === undefined ? frobenius : [measured],
  };
}

function mergedModules({
  tensor,
  part,
  base,
  rounding,
  each,
}: WeightFacts & { readonly tensor: string; readonly part: RowsChange }): MergedModule[] {
  return part.contributions.flatMap(({ module, file, bias, magnitude }, index) => {
    if (bias !== undefined || tensor.endsWith(".bias")) return [];
    const frobenius = each[index] ?? null;
    return [
      {
        module: module.name,
        adapter: file,
        tensor,
        rows: part.rows,
        kind: magnitude === undefined ? module.kind : `${module.kind} with DoRA`,
        rank: module.rank,
        frobenius,
        relative: frobenius === null || base === null ? null : relative(frobenius, base),
        rounding,
      },
    ];
  });
}

function warnings(
  { adapters, written }: MergeResult,
  modules: readonly MergedModule[],
  { untied, unmerge }: { readonly untied: boolean; readonly unmerge: boolean },
): string[] {
  const lost = modules.filter(
    ({ frobenius, rounding }) => frobenius !== null && rounding !== null && rounding > frobenius,
  );
  const broken = modules.filter(({ rounding }) => rounding === null);
  const isWhole = written.resumed.length === 0;
  return [
    ...adapters.flatMap(({ adapter }) =>
      adapter.warnings
        .filter((text) => !text.includes("DoRA"))
        .map((text) => `${adapter.file.name}: ${text}`),
    ),
    ...(untied
      ? [
          "the output layer shared the embedding; it has a tensor of its own now and tie_word_embeddings is false",
        ]
      : []),
    ...(lost.length === 0
      ? []
      : [`${lost.length} weights are rounded by more than what was added to them, as ${lost[0]!.tensor}`]),
    ...(broken.length > 0 && isWhole
      ? [`${broken.length} weights hold NaN or infinity after the merge, as ${broken[0]!.tensor}`]
      : []),
    ...(unmerge
      ? [
          "rounding of the merge is not undone: values can differ from the first base by a last digit of the larger",
        ]
      : []),
  ];
}
