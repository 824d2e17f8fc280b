import {
  bindInitialiser,
  type BoundInitialiser,
  type InitLoraWeights,
  type LoraConfig,
  loraConfig,
  type LoraConfigOptions,
  printLoraConfig,
} from "@lora/peft";
import { type DType, LoraError, type TensorFile } from "@lora/tensor";
import type { RunContext } from "../pool/run-context.ts";
import { originOf, provenance } from "../provenance/provenance.ts";
import type { InitReport } from "../reports.ts";
import type { FactorDType } from "../resize/stored-dtype.ts";
import { type EvaFlags, type EvaPlan, planEva } from "./eva-plan.ts";
import { initFiles } from "./init-files.ts";
import { shareOfInit } from "./share-of-init.ts";
import { initReport, type InitOutputs } from "./init-report.ts";
import type { InitInput } from "./init-task.ts";
import { planModules, type PlannedModule } from "./plan-modules.ts";

/** What `init` may be told. */
export interface InitOptions {
  /** Id of an initialiser, or as PEFT spells it: `default`, `pissa_niter_4`. */
  readonly method: string;
  /** Of the initialiser, by name. */
  readonly options?: InitInput["options"] | undefined;
  /** Rank, alpha, targets: as PEFT's LoraConfig has them. */
  readonly config?: LoraConfigOptions | undefined;
  /** How `eva` gives out ranks. */
  readonly eva?: EvaFlags | undefined;
  /** Inputs of the modules: `<module>.input…`, or `<module>.covariance`; for `eva` and `corda`. */
  readonly activations?: TensorFile | undefined;
  /** `<module>.gradient` or `<module>.weight`, out × in; for `lora_ga`. */
  readonly gradients?: TensorFile | undefined;
  /** Stored type of the factors; `f32` when left out. */
  readonly dtype?: FactorDType | undefined;
  /** @default 0 */
  readonly seed?: number | undefined;
}

/** The files of an initialisation. */
export interface InitOutput {
  /** A PEFT folder: factors and configuration. */
  readonly adapter: TensorFile;
  /**
   * The base with its changed weights, undefined where none changes. Written before the adapter, every module is worked
   * on once; otherwise twice.
   */
  readonly base: TensorFile | undefined;
  /**
   * What was made, with the errors of the values as written.
   *
   * @throws LoraError USAGE when the adapter has not been written whole
   */
  report(outputs: InitOutputs): InitReport;
}

/**
 * A fresh adapter for a base model, ready to be trained with PEFT. Methods that take part of the weight give the
 * base without that part as well, and a configuration under which PEFT does not take it out again: base and adapter
 * together are the model as it was, up to the rounding that the report states. All other tensors of the base are
 * carried over byte for byte.
 *
 * Modules are worked on when the files are written, a few at a time; `eva` reads all activations before that.
 *
 * @throws LoraError USAGE when an option breaks its rule; MISSING when there is no such module, or a method lacks what
 * it reads; SHAPE when a rank does not fit; NUMERIC for NaN or Inf
 */
export async function init(
  base: TensorFile,
  options: InitOptions,
  context: RunContext = {},
): Promise<InitOutput> {
  const { seed = 0, dtype = "f32", activations, gradients } = options;
  const method = bindInitialiser(options.method, options.options);
  const { modules, config, warnings } = planModules(base, askedConfig(options, method));
  if (context.share !== undefined) demandSplittable(method);
  const plan = method.needs.includes("components")
    ? await planEva(modules, activations, { ...options.eva, seed, rsLora: config.use_rslora }, context)
    : withoutEva(modules);
  const own = shareOfInit({ base, modules: plan.modules }, context.share);
  const made = { ...plan, modules: own.modules };
  const files = initFiles({
    modules: own.modules,
    method,
    methodName: options.method,
    options: options.options ?? {},
    sources: { base: own.base, activations, gradients, components: plan.components },
    seed,
    dtype: dtype satisfies DType,
    config: printLoraConfig(madeConfig(config, plan)),
    origin: await recordOf(base, { ...options, dtype, seed }, context),
    context,
  });
  return {
    adapter: files.adapter,
    base: files.base,
    report: (outputs) =>
      initReport({ base, method, plan: made, made: files.made, seed, dtype, warnings }, outputs),
  };
}

/** What the metadata say of the origin of both files. */
async function recordOf(
  base: TensorFile,
  options: InitOptions,
  context: RunContext,
): Promise<readonly [key: string, value: string]> {
  const { method, options: own, config, eva, dtype, seed, activations, gradients } = options;
  const models = [base, activations, gradients].filter((file) => file !== undefined);
  const asked = { method, options: own, config, eva, dtype, seed };
  return provenance(await originOf({ models }, context), "init", asked);
}

/** The pass over all inputs that EVA begins with is its work: each run would do it whole. */
function demandSplittable({ id, needs }: BoundInitialiser): void {
  if (!needs.includes("components")) return;
  throw new LoraError(
    "UNSUPPORTED",
    `${id} gives out ranks by the inputs of all modules, and has no shares`,
    {
      method: id,
      advice: "run it in one process, or choose a method that looks at each module by itself",
    },
  );
}

function withoutEva(modules: readonly PlannedModule[]): EvaPlan {
  return { modules, components: new Map(), skipped: [] };
}

function askedConfig(options: InitOptions, method: BoundInitialiser): LoraConfig {
  const { rho = 2, tau = 0.99, adjustScaling = true } = options.eva ?? {};
  const whiten = String(options.options?.["whiten"]) === "true";
  return loraConfig({
    ...options.config,
    inference_mode: true,
    init_lora_weights: method.peftName as InitLoraWeights,
    ...(method.id === "eva"
      ? { eva_config: { rho, tau, whiten, adjust_scaling_factors: adjustScaling } }
      : {}),
  });
}

/** The configuration of what was made: EVA changes ranks, and leaves modules out. */
function madeConfig(config: LoraConfig, { modules, components }: EvaPlan): LoraConfig {
  if (components.size === 0) return config;
  const changed = (field: "rank" | "alpha", usual: number): Record<string, number> =>
    Object.fromEntries(
      modules.filter((one) => one[field] !== usual).map((one) => [`^${one.name}`, one[field]]),
    );
  return {
    ...config,
    target_modules: modules.map(({ name }) => name),
    rank_pattern: changed("rank", config.r),
    alpha_pattern: changed("alpha", config.lora_alpha),
  };
}
