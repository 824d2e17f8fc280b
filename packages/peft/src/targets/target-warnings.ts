import type { LoraConfig } from "../config/lora-config.ts";
import { pythonSuffixPattern } from "../config/python-pattern.ts";
import { byCodePoint } from "../config/python-json.ts";
import { isDummy } from "./named-targets.ts";

/** What a configuration made of a model, for warnings. */
export interface TargetsFound {
  /** Names of what is adapted. */
  readonly modules: readonly string[];
  readonly parameters: readonly string[];
  readonly excluded: number;
}

/** What was asked for and had no effect. A pattern that fits a parameter has one, though PEFT warns of it. */
export function targetWarnings(config: LoraConfig, found: TargetsFound): string[] {
  return [...unused(config, found), ...unusedPatterns(config, [...found.modules, ...found.parameters])];
}

function unused(config: LoraConfig, { modules, parameters, excluded }: TargetsFound): string[] {
  if ((config.exclude_modules ?? []).length > 0 && excluded === 0) {
    return [`exclude_modules ${JSON.stringify(config.exclude_modules)} excludes nothing`];
  }
  if (isDummy(config)) return [];
  if ((config.target_modules ?? []).length > 0 && modules.length === 0) {
    return [
      `target_modules ${JSON.stringify(config.target_modules)} fits no module; only parameters are adapted`,
    ];
  }
  if ((config.target_parameters ?? []).length > 0 && parameters.length === 0) {
    return [`target_parameters ${JSON.stringify(config.target_parameters)} fits no parameter`];
  }
  return [];
}

function unusedPatterns(config: LoraConfig, names: readonly string[]): string[] {
  return (["rank_pattern", "alpha_pattern"] as const).flatMap((field) => {
    const idle = Object.keys(config[field]).filter((key) => !names.some(pythonSuffixPattern(key)));
    if (idle.length === 0) return [];
    return [`${field} has keys that fit nothing that is adapted: ${idle.sort(byCodePoint).join(", ")}`];
  });
}
