import type { Shape } from "@lora/tensor";
import { LoraError } from "@lora/tensor";
import type { LoraConfig } from "../config/lora-config.ts";
import type { ModelDescription } from "./model-description.ts";

/** A parameter that is adapted without a module of its own. */
export interface TargetedParameter {
  /** The module that holds it. */
  readonly module: string;
  readonly parameter: string;
  readonly shape: Shape;
}

/** What adapting a parameter cannot be combined with. */
const EXCLUDED: readonly (readonly [field: string, isSet: (config: LoraConfig) => boolean])[] = [
  ["lora_dropout", (config) => config.lora_dropout !== 0],
  ["fan_in_fan_out", (config) => config.fan_in_fan_out],
  ["lora_bias", (config) => config.lora_bias],
  ["use_dora", (config) => config.use_dora],
  ["velora_config", (config) => config.velora_config !== null],
  ["kasa_config", (config) => config.kasa_config !== null],
];

/**
 * The parameters that `target_parameters` names, in full or by their end after a dot, in the order of the model. Two
 * of one module are nested: the first is the innermost.
 *
 * @param modules names of modules that are adapted themselves
 * @throws LoraError USAGE for a parameter of the model itself, of a module that is adapted already, or with options
 *   that have no meaning for parameters; SHAPE for other than matrices and stacks of them
 * @see peft/tuners/tuners_utils.py _inject_parameters
 */
export function targetedParameters(
  config: LoraConfig,
  model: ModelDescription,
  modules: ReadonlySet<string>,
): readonly TargetedParameter[] {
  const wanted = config.target_parameters ?? [];
  const found = model.modules.flatMap(({ name, parameters }) =>
    parameters
      .map((parameter) => ({ module: name, parameter: parameter.name, shape: parameter.shape }))
      .filter(({ parameter }) => isNamed(`${name}.${parameter}`, wanted)),
  );
  for (const target of found) demandTarget(target, modules);
  if (found.length > 0) demandPlain(config);
  return found;
}

function isNamed(key: string, wanted: readonly string[]): boolean {
  return wanted.some((name) => key === name || key.endsWith(`.${name}`));
}

function demandTarget({ module, parameter, shape }: TargetedParameter, modules: ReadonlySet<string>): void {
  if (module === "") {
    throw new LoraError("USAGE", `${parameter} is a parameter of the model itself, which cannot be adapted`, {
      parameter,
      advice: "name parameters of modules inside it",
    });
  }
  if (modules.has(module)) {
    throw new LoraError("USAGE", `${module} is adapted itself, and so cannot be its parameter ${parameter}`, {
      module,
      parameter,
      advice: "leave it out of target_modules; [] keeps defaults from choosing it",
    });
  }
  if (shape.length === 2 || shape.length === 3) return;
  throw new LoraError(
    "SHAPE",
    `${module}.${parameter} has ${shape.length} dimensions; 2 and 3 can be adapted`,
    {
      module,
      parameter,
      shape,
    },
  );
}

function demandPlain(config: LoraConfig): void {
  const field = EXCLUDED.find(([, isSet]) => isSet(config))?.[0];
  if (field === undefined) return;
  throw new LoraError("USAGE", `${field} has no meaning for target_parameters`, {
    field,
    advice: `leave ${field} or target_parameters out`,
  });
}
