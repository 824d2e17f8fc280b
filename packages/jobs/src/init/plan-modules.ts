import {
  describeModel,
  type LoraConfig,
  type ModuleKind,
  resolveTargets,
  type TargetedModule,
} from "@lora/peft";
import { elementCount, type LazyTensor, LoraError, type Shape, type TensorFile } from "@lora/tensor";

/** One module that gets factors. */
export interface PlannedModule {
  /** Its name in the base model: the name of its weight without `.weight`. */
  readonly name: string;
  readonly tensor: { readonly name: string; readonly tensor: LazyTensor };
  readonly layer: "linear" | "conv" | "embedding";
  /** Of the update: [out, in, …kernel]. */
  readonly shape: Shape;
  /** The base stores the weight as in × out. */
  readonly transposed: boolean;
  readonly rank: number;
  readonly alpha: number;
  /** alpha / rank, or alpha / √rank. */
  readonly scale: number;
}

/** Modules to be given factors, and the configuration that names them. */
export interface PlannedModules {
  readonly modules: readonly PlannedModule[];
  readonly config: LoraConfig;
  readonly warnings: readonly string[];
}

const LAYERS: Readonly<Partial<Record<ModuleKind, PlannedModule["layer"]>>> = {
  linear: "linear",
  "transposed-linear": "linear",
  embedding: "embedding",
  conv1d: "conv",
  conv2d: "conv",
  conv3d: "conv",
};

/**
 * The weights of a base that a configuration means, each with its rank and alpha. `config.json` beside the base tells
 * its type, which gives default targets and the layers that are stored the other way around.
 *
 * @throws LoraError UNSUPPORTED for targets that get no factors here; as `resolveTargets` does
 */
export function planModules(base: TensorFile, given: LoraConfig): PlannedModules {
  const modelType = modelTypeOf(base);
  const model = describeModel(base.tensors, modelType === undefined ? {} : { modelType, isPretrained: true });
  const { modules, config, parameters, warnings } = resolveTargets(given, model);
  if (parameters.length > 0) throw noFactors(base, `the parameter ${parameters[0]!.parameter}`);
  const transposed = given.fan_in_fan_out || modules.some(({ kind }) => kind === "transposed-linear");
  return {
    modules: inFileOrder(
      base,
      modules.map((module) => planned(base, module, given)),
    ),
    config: { ...config, fan_in_fan_out: transposed },
    warnings,
  };
}

/** in·k·k of a module. */
export function innerSize({ shape }: PlannedModule): number {
  return elementCount(shape.slice(1));
}

function planned(
  base: TensorFile,
  module: TargetedModule,
  { fan_in_fan_out: all }: LoraConfig,
): PlannedModule {
  const { name, kind, rank, alpha, scale } = module;
  const layer = LAYERS[kind];
  const tensorName = `${name}.weight`;
  const tensor = base.tensors.get(tensorName);
  if (layer === undefined || tensor === undefined)
    throw noFactors(base, `${name}, a module of kind ${kind},`);
  const [rows = 1, cols = 1] = tensor.shape;
  const transposed = layer === "embedding" || kind === "transposed-linear" || (all && kind === "linear");
  return {
    name,
    tensor: { name: tensorName, tensor },
    layer,
    shape: transposed ? [cols, rows] : tensor.shape,
    transposed,
    rank,
    alpha,
    scale,
  };
}

/** So that files are written in the order in which modules are made. */
function inFileOrder({ tensors }: TensorFile, modules: readonly PlannedModule[]): PlannedModule[] {
  const order = new Map([...tensors.keys()].map((name, index) => [name, index]));
  return [...modules].sort((a, b) => order.get(a.tensor.name)! - order.get(b.tensor.name)!);
}

function noFactors(base: TensorFile, what: string): LoraError {
  return new LoraError("UNSUPPORTED", `${what} is given no factors by init`, {
    file: base.name,
    advice: "target linear layers, convolutions and embeddings",
  });
}

function modelTypeOf({ sidecars }: TensorFile): string | undefined {
  try {
    const config = JSON.parse(sidecars.get("config.json") ?? "{}") as { readonly model_type?: unknown };
    return typeof config.model_type === "string" ? config.model_type : undefined;
  } catch {
    return undefined;
  }
}
