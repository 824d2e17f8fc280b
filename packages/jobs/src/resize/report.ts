import type { Adapter, ModuleSpectrum, Selection } from "@lora/peft";
import { LoraError } from "@lora/tensor";
import { finiteOrNull, norm, relative } from "../arithmetic.ts";
import type { ResizedModule, ResizeReport } from "../reports.ts";
import { extraSummary, fileSummary, rankSummary } from "../summaries.ts";
import { type FactorDType, storedDType } from "./stored-dtype.ts";
import type { ResizeTask } from "./tasks.ts";
import type { UpdateError } from "./update-error.ts";

/** What a report is made from, once the file is written. */
export interface ResizeResult {
  readonly adapter: Adapter;
  readonly spectra: readonly ModuleSpectrum[];
  readonly task: ResizeTask;
  readonly selection: Selection;
  readonly dtype: FactorDType | undefined;
  readonly errors: ReadonlyMap<string, UpdateError>;
  readonly output: { readonly path: string; readonly bytes: number };
}

/** The report of one written output. Errors are relative to `rescale` · ΔW, what was meant to be written. */
export function resizeReport(result: ResizeResult): ResizeReport {
  const { adapter, task, selection, output } = result;
  const outcomes = result.spectra.map((spectrum, index) => outcome(result, spectrum, index));
  return {
    job: "resize",
    input: {
      ...fileSummary(adapter.file),
      rank: rankSummary(adapter.modules.map((module) => module.rank)),
      dialect: adapter.detection.dialect,
    },
    rule: { id: task.choice.rule, title: task.choice.title, threshold: finiteOrNull(selection.threshold) },
    output: {
      ...output,
      rank: rankSummary(outcomes.map(({ rankAfter }) => rankAfter).filter((rank) => rank > 0)),
      dtype: dtypeText(adapter, result.dtype),
    },
    relativeErrorFrobenius:
      relative(norm(outcomes.map(({ error }) => error.frobenius)), norm(outcomes.map((o) => o.frobenius))) ??
      0,
    modules: outcomes.map(resizedModule),
    dropped: outcomes
      .filter(({ rankAfter }) => rankAfter === 0)
      .map(({ name, frobenius }) => ({
        name,
        reason: frobenius === 0 ? "its update is zero" : `nothing of it is kept by ${task.choice.title}`,
      })),
    folded: foldedParts(adapter, outcomes),
    passedThrough: adapter.extras.map(extraSummary),
    warnings: adapter.warnings,
  };
}

interface Outcome {
  readonly name: string;
  readonly rankBefore: number;
  readonly rankAfter: number;
  /** Of rescale · ΔW. */
  readonly frobenius: number;
  readonly spectral: number;
  readonly error: UpdateError;
}

function outcome(
  { adapter, selection, errors }: ResizeResult,
  spectrum: ModuleSpectrum,
  index: number,
): Outcome {
  const frobenius = selection.rescale * norm(spectrum.s);
  const spectral = selection.rescale * (spectrum.s[0] ?? 0);
  const rankAfter = selection.kept[index]?.length ?? 0;
  const error = rankAfter === 0 ? { frobenius, spectral } : errors.get(spectrum.name);
  if (error === undefined) {
    throw new LoraError("USAGE", `the report was asked for before module ${spectrum.name} was written`, {
      advice: "write the whole file first",
    });
  }
  return {
    name: spectrum.name,
    rankBefore: adapter.modules[index]?.rank ?? 0,
    rankAfter,
    frobenius,
    spectral,
    error,
  };
}

function resizedModule({ name, rankBefore, rankAfter, error, frobenius, spectral }: Outcome): ResizedModule {
  return {
    name,
    rankBefore,
    rankAfter,
    relativeErrorFrobenius: relative(error.frobenius, frobenius),
    relativeErrorSpectral: relative(error.spectral, spectral),
  };
}

function foldedParts(adapter: Adapter, outcomes: readonly Outcome[]): string[] {
  return adapter.modules
    .filter((module, index) => module.parts.has("mid") && (outcomes[index]?.rankAfter ?? 0) > 0)
    .map((module) => `${module.name}: its Tucker core (lora_mid) is multiplied into the down factor`);
}

function dtypeText(adapter: Adapter, asked: FactorDType | undefined): string {
  return [...new Set(adapter.modules.map((module) => storedDType(module, asked)))].sort().join(", ");
}
