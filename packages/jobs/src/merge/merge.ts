import { wasmEngine } from "@lora/linalg";
import { readAdapter } from "@lora/peft";
import { LoraError, type TensorFile } from "@lora/tensor";
import { inlinePool } from "../pool/inline-pool.ts";
import type { RunContext } from "../pool/run-context.ts";
import type { MergeReport } from "../model-reports.ts";
import { originOf, provenance } from "../provenance/provenance.ts";
import { type ChangeFacts, MergeNotes } from "./merge-notes.ts";
import { mergePlan, type WeightedAdapter } from "./merge-plan.ts";
import { mergeReport, type MergeWritten } from "./merge-report.ts";
import { shareOfModel } from "./share-of-model.ts";
import { mergedTensor, type MergeWork } from "./merged-tensor.ts";
import { untieOutput } from "./tied-output.ts";

/** An adapter that is to be merged. */
export interface MergeInput {
  readonly file: TensorFile;
  /** What its updates are multiplied with, besides their own scales. 1 when left out. */
  readonly weight?: number | undefined;
}

/** What `merge` may be told. */
export interface MergeOptions {
  readonly adapters: readonly MergeInput[];
  /** Refuse sums that are not finite, and round each update to the type of the weight first, as PEFT's `safe_merge` does. */
  readonly safe?: boolean | undefined;
  /** Take the updates out of a base that they were merged into. */
  readonly unmerge?: boolean | undefined;
  /** Read all adapters in this dialect. */
  readonly dialect?: string | undefined;
}

/** A merged model that has not been written yet. */
export interface MergeOutput {
  /** Sums are made when tensors are read; what no adapter changes is the base's tensor itself. */
  readonly file: TensorFile;
  /** What was done: to be asked for when the file is written. */
  report(written: MergeWritten): MergeReport;
}

/**
 * Merges adapters into the weights they were trained on: W′ = round(W + Σ weight · scale · up · down) in the stored type of
 * each weight, in f32 sums and rounded once: with one adapter the bits that PEFT gives but for the order of the sums. DoRA:
 * W′ = W + weight · (m / ‖W + ΔW‖ · (W + ΔW) − W). Two passes over weights with magnitudes, one over all others.
 *
 * Costs 2·m·n·r operations a weight. Memory: the blocks that the writer pulls at once, and the factors of their modules. The pool
 * stays open until the file is written.
 *
 * @throws LoraError as `readAdapter` does; USAGE for a weight that is no number; MISSING where no module finds a weight; SHAPE
 *   and UNSUPPORTED where an update does not go with its weight
 * @see Hu et al. 2021, arXiv 2106.09685; Liu et al. 2024, arXiv 2402.09353
 */
export async function merge(
  base: TensorFile,
  options: MergeOptions,
  context: RunContext = {},
): Promise<MergeOutput> {
  const { safe = false, unmerge = false } = options;
  const adapters = await readAll(options, context);
  const { base: whole, untied } = untieOutput(
    base,
    adapters.map(({ adapter }) => adapter),
  );
  const plan = mergePlan(whole, adapters);
  if (unmerge) demandReversible(plan);
  const engine = context.engine ?? wasmEngine();
  const notes = new MergeNotes(context.findings?.of<ChangeFacts>("rows"));
  const work: MergeWork = {
    engine,
    pool: context.pool ?? inlinePool(engine),
    signal: context.signal,
    sign: unmerge ? -1 : 1,
    safe,
    file: base.name,
    notes,
  };
  const tensors = shareOfModel(whole, context.share).map(([name, tensor]) => {
    const change = plan.changes.get(name);
    return [name, change === undefined ? tensor : mergedTensor(name, tensor, { change, work })] as const;
  });
  const inputs = adapters.map(({ adapter: { file }, weight }) => ({ file, weight }));
  const origin = await originOf({ adapters: inputs, models: [base] }, context);
  const metadata = new Map([...whole.metadata, provenance(origin, "merge", { safe, unmerge })]);
  return {
    file: { ...whole, tensors: new Map(tensors), metadata },
    report: (written) => mergeReport({ base, plan, adapters, notes, untied, unmerge, written }),
  };
}

async function readAll(options: MergeOptions, { signal }: RunContext): Promise<WeightedAdapter[]> {
  const adapters: WeightedAdapter[] = [];
  for (const { file, weight = 1 } of options.adapters) {
    if (!Number.isFinite(weight)) {
      throw new LoraError("USAGE", `the weight of an adapter is a number, not ${weight}`, {
        file: file.name,
      });
    }
    adapters.push({ adapter: await readAdapter(file, { dialect: options.dialect, signal }), weight });
  }
  return adapters;
}

/** What was lost when merging cannot be brought back. */
function demandReversible({ changes }: ReturnType<typeof mergePlan>): void {
  for (const [tensor, change] of changes) {
    const magnitude =
      change.kind === "add" &&
      change.parts.some((part) => part.contributions.some((one) => one.isFromBase || one.magnitude));
    if (change.kind === "add" && !magnitude) continue;
    const what = change.kind === "replace" ? "a tensor that was replaced" : "a weight that was multiplied";
    throw new LoraError("UNSUPPORTED", `${what} cannot be taken back out of the merged model alone`, {
      tensor,
      advice: "use the base as it was before the merge",
    });
  }
}
