import { LoraError } from "@lora/tensor";
import type { LoraConfig } from "../config/lora-config.ts";
import { byCodePoint } from "../config/python-json.ts";
import { allLinear, isAllLinear } from "./all-linear.ts";
import { defaultTargets } from "./default-targets.ts";
import { minimalTargets } from "./minimal-targets.ts";
import type { ModelDescription } from "./model-description.ts";

/** As many targets are worth shortening to the ends of their names. */
const MANY_TARGETS = 20;

/** An adapter that is to be filled later: it fits nothing, and that is no mistake. */
const DUMMY = "dummy-target-modules";

export function isDummy(config: LoraConfig): boolean {
  return config.target_modules === DUMMY;
}

/**
 * The configuration with targets by name: PEFT's defaults for the type of model where none are given, all linear
 * layers for `all-linear`, and the ends that suffice for many.
 *
 * @throws LoraError MISSING when none are given and the type of model has no defaults
 */
export function namedTargets(config: LoraConfig, model: ModelDescription): LoraConfig {
  const targets = shortened(chosen(config, model), model);
  return { ...config, target_modules: targets };
}

function chosen(config: LoraConfig, model: ModelDescription): readonly string[] | string | null {
  if (isAllLinear(config.target_modules)) return sorted(allLinear(model, config.task_type));
  if (config.target_modules !== null) return config.target_modules;
  const defaults = defaultTargets(model.modelType ?? "");
  if (defaults !== undefined) return typeof defaults === "string" ? defaults : sorted(defaults);
  if ((config.target_parameters ?? []).length > 0) return null;
  const type =
    model.modelType === undefined ? "a model of unknown type" : `models of type ${model.modelType}`;
  throw new LoraError("MISSING", `there are no default targets for ${type}`, {
    modelType: model.modelType,
    advice: 'give target_modules, e.g. "all-linear", or target_parameters',
  });
}

function shortened(
  targets: readonly string[] | string | null,
  model: ModelDescription,
): readonly string[] | string | null {
  if (targets === null || typeof targets === "string" || targets.length < MANY_TARGETS) return targets;
  const isTarget = (name: string): boolean =>
    targets.some((target) => name === target || name.endsWith(`.${target}`));
  const others = ["", ...model.modules.map(({ name }) => name)].filter((name) => !isTarget(name));
  const minimal = minimalTargets(targets, others);
  return minimal.length < targets.length ? minimal : targets;
}

function sorted(names: readonly string[]): readonly string[] {
  return [...names].sort(byCodePoint);
}
