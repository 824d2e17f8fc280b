import type { LoraConfig } from "../config/lora-config.ts";
import { pythonSuffixPattern } from "../config/python-pattern.ts";
import { byCodePoint } from "../config/python-json.ts";
import { isDummy } from "./named-targets.ts";

/** What a configuration made of a model, for warnings. */
export interface TargetsFound {
  /** Of adapted modules. */
  readonly names: readonly string[];
  readonly parameters: number;
  readonly excluded: number;
}

/** What was asked for and had no effect. */
export function targetWarnings(config: LoraConfig, found: TargetsFound): string[] {
  return [...unused(config, found), ...unusedPatterns(config, found.names)];
}

function unused(config: LoraConfig, { names, parameters, excluded }: TargetsFound): string[] {
  if ((config.exclude_modules ?? []).length > 0 && excluded === 0) {
    return [`exclude_modules ${JSON.stringify(config.exclude_modules)} excludes nothing`];
  }
  if (isDummy(config)) return [];
  if ((config.target_modules ?? []).length > 0 && names.length === 0) {
    return [
      `target_modules ${JSON.stringify(config.target_modules)} fits no module; only parameters are adapted`,
    ];
  }
  if ((config.target_parameters ?? []).length > 0 && parameters === 0) {
    return [`target_parameters ${JSON.stringify(config.target_parameters)} fits no parameter`];
  }
  return [];
}

function unusedPatterns(config: LoraConfig, names: readonly string[]): string[] {
  return (["rank_pattern", "alpha_pattern"] as const).flatMap((field) => {
    const idle = Object.keys(config[field]).filter((key) => !names.some(pythonSuffixPattern(key)));
    if (idle.length === 0) return [];
    return [`${field} has keys that fit no adapted module: ${idle.sort(byCodePoint).join(", ")}`];
  });
}
