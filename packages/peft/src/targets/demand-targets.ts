import { LoraError } from "@lora/tensor";
import type { LoraConfig } from "../config/lora-config.ts";
import type { ModelDescription } from "./model-description.ts";
import { isDummy } from "./named-targets.ts";
import { nearestNames } from "./nearest-names.ts";

/** How many modules a configuration made something of. */
export interface TargetCounts {
  readonly matched: number;
  readonly parameters: number;
  readonly excluded: number;
  readonly unmatched: number;
}

/**
 * @throws LoraError MISSING when a configuration adapts nothing of a model, with what it is that keeps it from it
 */
export function demandTargets(config: LoraConfig, model: ModelDescription, counts: TargetCounts): void {
  if (counts.matched + counts.parameters > 0 || isDummy(config)) return;
  const facts = { target_modules: config.target_modules, exclude_modules: config.exclude_modules, ...counts };
  throw new LoraError("MISSING", `${reason(config, counts)}${layerNote(config)}`, {
    ...facts,
    advice: advice(config, model, counts),
  });
}

function reason(config: LoraConfig, { excluded, unmatched }: TargetCounts): string {
  const targets = JSON.stringify(config.target_modules);
  if (excluded > 0 && unmatched === 0) return `all ${excluded} modules of the model are excluded`;
  if (excluded > 0)
    return `no module is left to adapt: ${excluded} are excluded, and no other fits ${targets}`;
  if ((config.target_modules ?? []).length > 0)
    return `no module of the model fits target_modules ${targets}`;
  return `no target_modules are given, and no parameter fits ${JSON.stringify(config.target_parameters)}`;
}

function layerNote({ layers_to_transform: layers, layers_pattern: pattern }: LoraConfig): string {
  if (layers === null) return "";
  const where = pattern === null ? "" : ` under ${JSON.stringify(pattern)}`;
  return ` in the layers ${JSON.stringify(layers)}${where}`;
}

function advice(config: LoraConfig, model: ModelDescription, { excluded }: TargetCounts): string {
  if (excluded > 0) return "compare target_modules with exclude_modules and modules_to_save";
  const { target_modules: targets } = config;
  const wanted = typeof targets === "string" ? [targets] : (targets ?? config.target_parameters ?? []);
  const nearest = nearestNames(wanted, model);
  if (typeof targets === "string") {
    return `a text is an expression for whole names; list the ends of names, e.g. ${nearest.join(", ")}`;
  }
  return nearest.length === 0 ? "the model has no layer to adapt" : `the most alike: ${nearest.join(", ")}`;
}
