import {
  type Adapter,
  type AdapterModule,
  type FactorSource,
  type ModuleChange,
  rewriteAdapter,
  type Selection,
} from "@lora/peft";
import { locate, type TensorFile } from "@lora/tensor";
import { inlinePool } from "../pool/inline-pool.ts";
import type { RunContext } from "../pool/run-context.ts";
import type { WorkerPool } from "../pool/worker-pool.ts";
import { moduleBytes, sendModule } from "../posted.ts";
import type { ResizeReport } from "../reports.ts";
import type { Origin } from "../provenance/provenance.ts";
import { factorBytes } from "./factor-bytes.ts";
import { isUnchanged } from "./is-unchanged.ts";
import { LookAhead, type Step } from "./look-ahead.ts";
import { resizedMetadata } from "./metadata.ts";
import { resizeReport } from "./report.ts";
import type { MeasuredSpectrum } from "./spectra.ts";
import { type FactorDType, storedDType } from "./stored-dtype.ts";
import type { ResizeTask } from "./tasks.ts";
import type { UpdateError } from "./update-error.ts";
import { writeFactors } from "./write-factors.ts";
import type { WriteOrder, WrittenFactors } from "./write-kept.ts";

/** Everything a resized file is made from. */
export interface ResizePlan {
  readonly adapter: Adapter;
  readonly measured: readonly MeasuredSpectrum[];
  readonly task: ResizeTask;
  readonly selection: Selection;
  readonly dtype: FactorDType | undefined;
  readonly origin: Origin;
  readonly context: RunContext;
}

/** One output of a resize. */
export interface ResizeOutput {
  /** Goes between stem and ending of the output's name; "" for a single output. */
  readonly suffix: string;
  /** Pulls and rounds factors when written. */
  readonly file: TensorFile;
  /**
   * What was done, with the errors measured on the values as written.
   *
   * @throws LoraError USAGE when the file has not been written whole
   */
  report(output: { readonly path: string; readonly bytes: number }): ResizeReport;
}

/** The file that a selection of singular pairs makes. */
export function resizedFile(plan: ResizePlan): ResizeOutput {
  const { adapter, measured, task, selection, context } = plan;
  const errors = context.findings?.of<UpdateError>(`written${task.suffix}`) ?? new Map<string, UpdateError>();
  const pool = context.pool ?? inlinePool(context.engine);
  const ahead = new LookAhead<WrittenFactors>({ steps: 2 * pool.size });
  const changes = new Map<string, ModuleChange>();
  adapter.modules.forEach((module, index) => {
    const kept = selection.kept[index] ?? [];
    const dtype = storedDType(module, plan.dtype);
    if (isUnchanged(module, { rank: kept.length, dtype, rescale: selection.rescale })) {
      errors.set(module.name, { frobenius: 0, spectral: 0 });
    } else if (kept.length === 0) {
      changes.set(module.name, { kind: "drop" });
    } else {
      const given = { module, found: measured[index]!, pool, errors };
      const order = { kept, dtype, rescale: selection.rescale };
      const factors = (storedScale: number): FactorSource =>
        ahead.add(writingStep(plan, { ...given, order: { ...order, storedScale } }));
      changes.set(module.name, { kind: "replace", rank: kept.length, dtype, factors });
    }
  });
  const ranks = selection.kept.map((kept) => kept.length);
  const note = { ...plan, params: task.metadata(selection.threshold), rule: task.choice.title };
  const file = rewriteAdapter(adapter, changes, { metadata: resizedMetadata(adapter, ranks, note) });
  return {
    suffix: task.suffix,
    file,
    report: (output) =>
      resizeReport({
        adapter,
        spectra: measured.map(({ rule }) => rule),
        task,
        selection,
        errors,
        output,
        dtype: plan.dtype,
      }),
  };
}

interface ModulePlan {
  readonly module: AdapterModule;
  readonly found: MeasuredSpectrum;
  readonly order: WriteOrder;
  readonly pool: WorkerPool;
  /** Where the measured error goes. */
  readonly errors: Map<string, UpdateError>;
}

function writingStep(
  { adapter, context }: ResizePlan,
  { module, found, order, pool, errors }: ModulePlan,
): Step<WrittenFactors> {
  const file = adapter.file.name;
  const { signal } = context;
  const bytes = factorBytes(module, order.kept.length, order.dtype);
  const { whole: basis, inRuns, written: early } = found;
  return {
    bytes,
    async make() {
      if (early !== undefined && isSameOrder(early.order, order)) {
        errors.set(module.name, early.factors.error);
        return early.factors;
      }
      const written = await locate({ file, module: module.name }, () =>
        pool.run(writeFactors, {
          bytes: moduleBytes(module) + bytes,
          signal,
          input: async () => ({
            module: await sendModule({ module, file }, { pool, signal }),
            // What is posted is moved, and another output may want it too.
            basis: basis && structuredClone(basis),
            inRuns,
            order,
          }),
        }),
      );
      errors.set(module.name, written.error);
      return written;
    },
  };
}

/** What was written early was decided on the same spectrum by the same rule; were it not so, it is written again. */
function isSameOrder(a: WriteOrder, b: WriteOrder): boolean {
  if (a.dtype !== b.dtype || a.storedScale !== b.storedScale || a.rescale !== b.rescale) return false;
  return a.kept.length === b.kept.length && a.kept.every((index, at) => index === b.kept[at]);
}
