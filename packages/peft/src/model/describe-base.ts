import type { LazyTensor } from "@lora/tensor";
import type { ModelDescription, ModuleDescription, ModuleKind } from "../targets/model-description.ts";
import type { BaseModule } from "./base-module.ts";

/** What is known of a model besides its modules. */
export type ModelFacts = Omit<ModelDescription, "modules">;

/** The model as choosing targets sees it. Modules come in the order given; containers need not be among them. */
export function describeBase(modules: ReadonlyMap<string, BaseModule>, facts: ModelFacts): ModelDescription {
  const described = [...modules].map(([name, module]): ModuleDescription => {
    const parameters = [...baseTensors("", module)].map(([path, { shape }]) => ({
      name: path.slice(1),
      shape,
    }));
    return { name, kind: kindOf(module), parameters };
  });
  return { ...facts, modules: withContainers(described) };
}

/** The weights of a module under their names in the base model. */
export function* baseTensors(name: string, module: BaseModule): Generator<readonly [string, LazyTensor]> {
  if (module.kind === "other") return;
  if (module.kind === "parameters") {
    for (const [parameter, tensor] of Object.entries(module.parameters))
      yield [`${name}.${parameter}`, tensor];
    return;
  }
  if (module.kind === "attention") {
    const { inProjection, outProjection } = module;
    yield [`${name}.in_proj_weight`, inProjection.weight];
    if (inProjection.bias !== undefined) yield [`${name}.in_proj_bias`, inProjection.bias];
    yield [`${name}.out_proj.weight`, outProjection.weight];
    if (outProjection.bias !== undefined) yield [`${name}.out_proj.bias`, outProjection.bias];
    return;
  }
  yield [`${name}.weight`, module.weight];
  if ("bias" in module && module.bias !== undefined) yield [`${name}.bias`, module.bias];
}

function kindOf(module: BaseModule): ModuleKind {
  if (module.kind === "parameters" || module.kind === "other") return "other";
  if (module.kind === "hf-conv1d") return "transposed-linear";
  if (module.kind !== "convolution") return module.kind;
  const axes = module.weight.shape.length - 2;
  return axes === 1 ? "conv1d" : axes === 3 ? "conv3d" : "conv2d";
}

/** The modules with those that hold them in front. */
function withContainers(modules: readonly ModuleDescription[]): ModuleDescription[] {
  const known = new Set(modules.map(({ name }) => name));
  return modules.flatMap((module) => {
    const parts = module.name.split(".");
    const parents = ["", ...parts.slice(0, -1).map((_, i) => parts.slice(0, i + 1).join("."))];
    const added = parents.filter((name) => !known.has(name));
    for (const name of added) known.add(name);
    return [...added.map((name) => ({ name, kind: "other", parameters: [] }) as const), module];
  });
}
