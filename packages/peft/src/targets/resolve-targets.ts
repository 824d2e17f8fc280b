import type { LoraConfig } from "../config/lora-config.ts";
import { loraScales, scaleOf } from "../config/lora-scales.ts";
import type { ModelDescription, ModuleKind } from "./model-description.ts";
import { demandAdaptable } from "./demand-adaptable.ts";
import { demandTargets } from "./demand-targets.ts";
import { replicateLayers } from "./replicate-layers.ts";
import type { TrainedTokens } from "./saved-modules.ts";
import { savedModules, trainedTokens } from "./saved-modules.ts";
import { targetMatcher } from "./target-matcher.ts";
import type { TargetedParameter } from "./target-parameters.ts";
import { targetedParameters } from "./target-parameters.ts";
import { completeConfig, withOrientation } from "./complete-config.ts";
import { isDummy } from "./named-targets.ts";
import { targetWarnings } from "./target-warnings.ts";

/** The size of one adapter of a module or parameter. */
export interface TargetSize {
  readonly rank: number;
  readonly alpha: number;
  /** alpha / rank, or alpha / √rank for rsLoRA. */
  readonly scale: number;
}

/** A module that gets an adapter. */
export interface TargetedModule extends TargetSize {
  readonly name: string;
  readonly kind: ModuleKind;
}

/** What a configuration makes of a model. */
export interface ResolvedTargets {
  /** With what the model decides: the targets by name, the heads that are saved whole, `fan_in_fan_out`. */
  readonly config: LoraConfig;
  /** The model with its layers replicated, where that is asked for. */
  readonly model: ModelDescription;
  /** Module of a replicated layer → the module whose weights it shares. */
  readonly sources: ReadonlyMap<string, string>;
  /** In the order of the model. */
  readonly modules: readonly TargetedModule[];
  readonly parameters: readonly (TargetedParameter & TargetSize)[];
  /** Modules that are trained and saved whole. */
  readonly saved: readonly string[];
  readonly tokens: readonly TrainedTokens[];
  /** Modules that were targets, were they not excluded, and all that `exclude_modules` and `modules_to_save` name. */
  readonly excluded: readonly string[];
  readonly warnings: readonly string[];
}

/**
 * Which modules and parameters of a model a configuration adapts, with rank and alpha of each: as PEFT does when it
 * puts the layers in.
 *
 * @throws LoraError MISSING when nothing fits, with the names that are most alike; UNSUPPORTED for modules that LoRA
 *   has no form for; USAGE for targets that exclude each other
 * @see peft/tuners/tuners_utils.py BaseTuner.inject_adapter
 */
export function resolveTargets(given: LoraConfig, described: ModelDescription): ResolvedTargets {
  const { model, sources } =
    given.layer_replication === null
      ? { model: described, sources: new Map<string, string>() }
      : replicateLayers(described, given.layer_replication);
  const config = completeConfig(given, model);
  const match = targetMatcher(config);
  const names = isDummy(config) ? [] : model.modules.filter(({ name }) => name !== "");
  const found = names.map((module) => ({ module, match: match(module.name) }));
  const matched = found.filter((each) => each.match === "matched").map(({ module }) => module);
  for (const module of matched) demandAdaptable(module, model);
  const parameters = targetedParameters(config, model, new Set(matched.map(({ name }) => name)));
  const excluded = found.filter((each) => each.match === "excluded").map(({ module }) => module.name);
  const counts = { matched: matched.length, parameters: parameters.length, excluded: excluded.length };
  demandTargets(config, model, { ...counts, unmatched: names.length - matched.length - excluded.length });
  const scales = loraScales(config);
  const sized = (key: string): TargetSize => {
    const { rank, alpha } = scales.of(key);
    return { rank, alpha, scale: scaleOf({ rank, alpha }, scales.rsLora) };
  };
  return {
    config: withOrientation(config, matched),
    model,
    sources,
    modules: matched.map(({ name, kind }) => ({ name, kind, ...sized(name) })),
    parameters: parameters.map((target) => ({ ...target, ...sized(`${target.module}.${target.parameter}`) })),
    saved: savedModules(config, model),
    tokens: trainedTokens(config, model),
    excluded,
    warnings: targetWarnings(config, {
      modules: matched.map(({ name }) => name),
      parameters: parameters.map(({ module, parameter }) => `${module}.${parameter}`),
      excluded: excluded.length,
    }),
  };
}
