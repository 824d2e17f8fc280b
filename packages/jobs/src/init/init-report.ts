import type { BoundInitialiser } from "@lora/peft";
import { type DType, LoraError, type TensorFile } from "@lora/tensor";
import { norm } from "../arithmetic.ts";
import type { InitialisedModule, InitReport } from "../reports.ts";
import { fileSummary, rankSummary } from "../summaries.ts";
import type { EvaPlan } from "./eva-plan.ts";
import type { InitFiles } from "./init-files.ts";
import type { PlannedModule } from "./plan-modules.ts";

/** Where the files went. */
export interface InitOutputs {
  readonly adapter: { readonly path: string; readonly bytes: number };
  readonly base?: { readonly path: string; readonly bytes: number } | undefined;
}

/** What a report is made from, once the files are written. */
export interface InitResult {
  readonly base: TensorFile;
  readonly method: BoundInitialiser;
  readonly plan: EvaPlan;
  readonly made: InitFiles["made"];
  readonly seed: number;
  readonly dtype: DType;
  readonly warnings: readonly string[];
}

/** The report of an initialisation that is written. */
export function initReport(result: InitResult, outputs: InitOutputs): InitReport {
  const { base, method, plan, seed, dtype } = result;
  const modules = plan.modules.map((module) => initialisedModule(module, result));
  const embeddings = plan.modules.filter(({ layer }) => layer === "embedding").length;
  const errors = modules.map(
    ({ relativeError, weightFrobenius }) => (relativeError ?? 0) * (weightFrobenius ?? 0),
  );
  const whole = norm(modules.map(({ weightFrobenius }) => weightFrobenius ?? 0));
  return {
    job: "init",
    base: fileSummary(base),
    method: { id: method.id, title: method.title, base: method.base },
    seed,
    output: { ...outputs.adapter, dtype, rank: rankSummary(modules.map(({ rank }) => rank)) },
    changedBase:
      outputs.base === undefined ? null : { ...outputs.base, changed: modules.length - embeddings },
    relativeError: whole === 0 ? null : norm(errors) / whole,
    modules,
    skipped: plan.skipped,
    warnings: [
      ...result.warnings,
      ...(embeddings > 0 && method.id !== "default"
        ? [`${method.id} is for weights that multiply: ${embeddings} embeddings begin as by default`]
        : []),
    ],
  };
}

function initialisedModule(module: PlannedModule, { made }: InitResult): InitialisedModule {
  const stored = made.get(module.name);
  if (stored === undefined) {
    throw new LoraError("USAGE", `the report was asked for before module ${module.name} was made`, {
      advice: "write the whole adapter first",
    });
  }
  const { updateFrobenius, weightFrobenius, relativeError } = stored;
  const { name, tensor, layer, shape, rank, alpha, scale } = module;
  return {
    name,
    tensor: tensor.name,
    layer,
    shape,
    rank,
    alpha,
    scale,
    updateFrobenius,
    weightFrobenius,
    relativeError,
  };
}
