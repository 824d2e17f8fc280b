import type { LoraConfig } from "../config/lora-config.ts";
import { loraScales, scaleOf } from "../config/lora-scales.ts";
import type { ModelDescription, ModuleDescription, ModuleKind } from "./model-description.ts";
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
import { tiedConfig } from "./tied-config.ts";

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
  /** Modules that share the weight of the input embedding, and so its adapter, with A and B turned. */
  readonly tied: readonly TargetedModule[];
  /** Modules that are trained and saved whole. */
  readonly saved: readonly string[];
  /** Modules that share the copy of the input embedding that is trained whole. */
  readonly savedTied: readonly string[];
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
  const tie = tiedConfig(given, model);
  const config = completeConfig(tie.config, model);
  const { matched, tied, excluded, unmatched } = matchModules(config, model, tie.modules);
  const adapted = new Set(matched.map(({ name }) => name));
  const parameters = targetedParameters(config, model, adapted);
  const counts = { matched: matched.length, parameters: parameters.length, excluded: excluded.length };
  demandTargets(config, model, { ...counts, unmatched });
  const sizeOf = sizes(config);
  const keyed = parameters.map((target) => ({ ...target, key: `${target.module}.${target.parameter}` }));
  const found = {
    modules: [...matched, ...tied].map(({ name }) => name),
    parameters: keyed.map(({ key }) => key),
    excluded: excluded.length,
  };
  return {
    config: withOrientation(config, matched),
    model,
    sources,
    modules: matched.map(({ name, kind }) => ({ name, kind, ...sizeOf(name) })),
    parameters: keyed.map(({ key, ...target }) => ({ ...target, ...sizeOf(key) })),
    tied: tied.map(({ name, kind }) => ({ name, kind, ...sizeOf(name) })),
    saved: savedModules(config, model),
    savedTied: tie.saved,
    tokens: trainedTokens(config, model, adapted),
    excluded,
    warnings: [...tie.warnings, ...targetWarnings(config, found)],
  };
}

interface MatchedModules {
  readonly matched: readonly ModuleDescription[];
  readonly tied: readonly ModuleDescription[];
  readonly excluded: readonly string[];
  /** How many are neither. */
  readonly unmatched: number;
}

function matchModules(
  config: LoraConfig,
  model: ModelDescription,
  tiedEnds: readonly string[],
): MatchedModules {
  const match = targetMatcher(config);
  const isTied = (name: string): boolean => tiedEnds.some((end) => name === end || name.endsWith(`.${end}`));
  const modules = isDummy(config) ? [] : model.modules.filter(({ name }) => name !== "");
  const tied = modules.filter(({ name }) => isTied(name));
  const found = modules
    .filter((module) => !tied.includes(module))
    .map((module) => ({ module, match: match(module.name) }));
  const matched = found.filter((each) => each.match === "matched").map(({ module }) => module);
  for (const module of matched) demandAdaptable(module, model);
  const excluded = found.filter((each) => each.match === "excluded").map(({ module }) => module.name);
  return { matched, tied, excluded, unmatched: found.length - matched.length - excluded.length };
}

function sizes(config: LoraConfig): (key: string) => TargetSize {
  const scales = loraScales(config);
  return (key) => {
    const { rank, alpha } = scales.of(key);
    return { rank, alpha, scale: scaleOf({ rank, alpha }, scales.rsLora) };
  };
}
