import type { Svd } from "@lora/linalg";
import {
  type Adapter,
  type AdapterModule,
  type ModuleChange,
  type ModuleSpectrum,
  rewriteAdapter,
  type Selection,
} from "@lora/peft";
import { type DType, locate, type TensorFile } from "@lora/tensor";
import type { Decompositions } from "../decompositions.ts";
import { lastCall } from "../last-call.ts";
import type { ResizeReport } from "../reports.ts";
import { balancedFactors, type KeptFactors } from "./keep.ts";
import { resizedMetadata } from "./metadata.ts";
import { resizeReport } from "./report.ts";
import type { FactorDType } from "./resize.ts";
import { roundedTo } from "./rounding.ts";
import { storedDType } from "./stored-dtype.ts";
import type { ResizeTask } from "./tasks.ts";
import { type UpdateError, updateError } from "./update-error.ts";

/** Everything a resized file is made from. */
export interface ResizePlan {
  readonly adapter: Adapter;
  readonly spectra: readonly ModuleSpectrum[];
  readonly task: ResizeTask;
  readonly selection: Selection;
  readonly dtype: FactorDType | undefined;
  readonly decompositions: Decompositions;
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
  const { adapter, spectra, task, selection } = plan;
  const errors = new Map<string, UpdateError>();
  const factorsOf = lastCall<KeptFactors>();
  const changes = new Map<string, ModuleChange>();
  adapter.modules.forEach((module, index) => {
    const kept = selection.kept[index] ?? [];
    const dtype = storedDType(module, plan.dtype);
    if (isUnchanged(module, { kept, dtype, rescale: selection.rescale })) {
      errors.set(module.name, { frobenius: 0, spectral: 0 });
    } else if (kept.length === 0) {
      changes.set(module.name, { kind: "drop" });
    } else {
      const factors = (storedScale: number): Promise<KeptFactors> =>
        factorsOf(module.name, () => writtenFactors(plan, { module, kept, storedScale, errors }));
      changes.set(module.name, { kind: "replace", rank: kept.length, dtype, factors });
    }
  });
  const ranks = selection.kept.map((kept) => kept.length);
  const metadata = resizedMetadata(adapter, ranks, task.metadata(selection.threshold));
  const file = rewriteAdapter(adapter, changes, { metadata });
  return {
    suffix: task.suffix,
    file,
    report: (output) =>
      resizeReport({ adapter, spectra, task, selection, errors, output, dtype: plan.dtype }),
  };
}

/** Writing a module again at its own rank and type would only round it once more. */
function isUnchanged(
  module: AdapterModule,
  { kept, dtype, rescale }: { kept: readonly number[]; dtype: DType; rescale: number },
): boolean {
  return kept.length === module.rank && dtype === module.dtype && rescale === 1 && !module.parts.has("mid");
}

interface ModulePlan {
  readonly module: AdapterModule;
  readonly kept: readonly number[];
  readonly storedScale: number;
  /** Where the measured error goes. */
  readonly errors: Map<string, UpdateError>;
}

async function writtenFactors(
  plan: ResizePlan,
  { module, kept, storedScale, errors }: ModulePlan,
): Promise<KeptFactors> {
  const svd: Svd = await plan.decompositions.svd(module);
  const { rescale } = plan.selection;
  const exact = balancedFactors(svd, kept, rescale / storedScale);
  const dtype = storedDType(module, plan.dtype);
  const rounded = await locate({ module: module.name }, () => ({
    up: roundedTo(exact.up, dtype),
    down: roundedTo(exact.down, dtype),
  }));
  errors.set(module.name, updateError(svd, { kept, storedScale, rescale, exact, rounded }));
  return rounded;
}
