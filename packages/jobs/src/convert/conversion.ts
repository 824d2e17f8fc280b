import type { Adapter, Component, ConversionPlan, ConvertedFactors, PlannedModule } from "@lora/peft";
import type { TensorFile } from "@lora/tensor";
import type { RunContext } from "../pool/run-context.ts";
import type { FactorDType } from "../resize/stored-dtype.ts";
import type { CheckedNorms } from "./check-module.ts";
import type { ConvertedModule, KeptPart } from "./convert-module.ts";
import type { UpdateSource } from "./posted-update.ts";

/** What `convert` may be told. */
export interface ConvertOptions extends KeptPart {
  /** Id of the dialect to write. */
  readonly to: string;
  /** Id of the dialect to read it in, instead of what it is detected as. */
  readonly from?: string | undefined;
  /** The base model: its names, its configuration, and the weights that updates are a function of, one at a time. */
  readonly base?: TensorFile | undefined;
  /** Only modules of these components. */
  readonly components?: readonly Component[] | undefined;
  /** One rank and one scale for all modules, for readers that know no others (vLLM): zeros and folding. */
  readonly padRank?: boolean | undefined;
  /** Stored type of the factors. @default as they were; f16 for quantised ones */
  readonly dtype?: FactorDType | undefined;
  /** Largest relative error of a module that passes. @default what rounding to the stored type explains */
  readonly tolerance?: number | undefined;
}

/** A module as it is written, and all that was done to it. */
export interface WrittenConversion extends Omit<ConvertedModule, "up" | "down">, ConvertedFactors {
  readonly planned: PlannedModule;
  /** Before padding. */
  readonly ownRank: number;
}

/** Everything that is known of a conversion before the file is read back. */
export interface Conversion {
  readonly adapter: Adapter;
  readonly plan: ConversionPlan;
  readonly written: readonly WrittenConversion[];
  readonly options: ConvertOptions;
}

/** The new file as it was read back. */
export interface ReadBack {
  readonly again: TensorFile;
  readonly place: { readonly path: string; readonly bytes: number };
  readonly context: RunContext;
}

/** A module of the new file against what it was made of. */
export interface CheckedModule extends CheckedNorms {
  /** Relative error of DoRA's magnitudes; 0 where there are none. */
  readonly magnitudes: number;
}

/** What was found by reading the new file. */
export interface Checked {
  readonly checked: readonly CheckedModule[];
  readonly tolerance: number;
  readonly place: ReadBack["place"];
}

/** Within a dialect what stands outside the modules keeps its name and its meaning. */
export function carriesExtras({ adapter, plan }: Pick<Conversion, "adapter" | "plan">): boolean {
  return adapter.detection.dialect === plan.writer.id;
}

/** What stands outside the modules, without the magnitudes that these have or are made of. */
export function extrasOf({ extras, modules }: Adapter): Adapter["extras"] {
  const magnitudes = new Set(modules.map(({ magnitude }) => magnitude?.name));
  return extras.filter(({ name }) => !magnitudes.has(name));
}

/** Where the updates of a conversion are read from. */
export function updateSource({
  adapter,
  plan,
  options,
}: Pick<Conversion, "adapter" | "plan" | "options">): UpdateSource {
  return { weights: plan.weights, file: adapter.file.name, base: options.base?.name ?? "" };
}
