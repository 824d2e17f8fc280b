import { type BoundInitialiser, DEFAULT_LORA_CONFIG, type InitLoraWeights, type LoraConfig } from "@lora/peft";
import type { InitOptions } from "./init.ts";
import type { PlannedModule } from "./plan-modules.ts";

/** The configuration that a user's options ask for; everything else as PEFT has it. */
export function askedConfig(options: InitOptions, method: BoundInitialiser): LoraConfig {
  return {
    ...DEFAULT_LORA_CONFIG,
    ...options.config,
    inference_mode: true,
    init_lora_weights: method.peftName as InitLoraWeights,
  };
}

/** The configuration of what was made: EVA changes ranks, and leaves modules out. */
export function madeConfig(config: LoraConfig, modules: readonly PlannedModule[], skipped: number): LoraConfig {
  const changed = (field: "rank" | "alpha", usual: number): Record<string, number> =>
    Object.fromEntries(modules.filter((module) => module[field] !== usual).map((module) => [module.name, module[field]]));
  const reshaped = {
    rank_pattern: changed("rank", config.r),
    alpha_pattern: changed("alpha", config.lora_alpha),
  };
  return skipped === 0
    ? { ...config, ...reshaped }
    : { ...config, ...reshaped, target_modules: modules.map(({ name }) => name) };
}
