import { LoraError } from "@lora/tensor";
import { CONFIG_RULES } from "./config-rules.ts";
import type { FieldSource } from "./fill-fields.ts";
import { fillFields } from "./fill-fields.ts";
import type { JsonObject } from "./json-text.ts";
import type { LoraConfig } from "./lora-config.ts";
import { DEFAULT_LORA_CONFIG } from "./lora-config.ts";
import type { LoraConfigOptions } from "./lora-config-options.ts";
import { initialisationOf, LORA_FIELDS } from "./lora-fields.ts";
import { byCodePoint } from "./python-json.ts";
import { DEFAULT_CORDA_CONFIG, DEFAULT_EVA_CONFIG } from "./sub-configs.ts";
import { LOFTQ_FIELDS, RUNTIME, SUB_CONFIGS } from "./sub-config-fields.ts";

/** A configuration with what was found on the way to it. */
export interface ResolvedLoraConfig {
  readonly config: LoraConfig;
  /** Fields that PEFT 0.21 does not know, in their places. */
  readonly unknown: JsonObject;
  readonly warnings: readonly string[];
}

/**
 * A LoRA configuration with all fields, checked as PEFT checks it when it is made.
 *
 * @throws LoraError USAGE when a field has the wrong type or a rule between fields is broken
 * @see PEFT LoraConfig.__post_init__
 */
export function loraConfig(options: LoraConfigOptions = {}): LoraConfig {
  return resolveLoraConfig(options, { code: "USAGE" }).config;
}

/**
 * The same with warnings: what PEFT would warn of, fields it does not know, fields that are null and must not be.
 *
 * @throws LoraError with the source's code when a field has the wrong type or a rule between fields is broken
 */
export function resolveLoraConfig(fields: JsonObject, source: FieldSource): ResolvedLoraConfig {
  const filled = filledConfig(fields, source);
  const config = withLists(filled.config);
  for (const rule of CONFIG_RULES) {
    const broken = rule(config);
    if (broken === undefined) continue;
    const { field, message, advice } = broken;
    throw new LoraError(source.code, message, { field, sidecar: source.where, advice });
  }
  const adjusted = adjust(config);
  return {
    config: adjusted.config,
    unknown: filled.unknown,
    warnings: [...filled.warnings, ...adjusted.warnings, ...notes(adjusted.config)],
  };
}

function filledConfig(fields: JsonObject, source: FieldSource): ResolvedLoraConfig {
  const whole = fillFields(fields, { types: LORA_FIELDS, defaults: DEFAULT_LORA_CONFIG, path: "" }, source);
  const parts = [...SUB_CONFIGS, RUNTIME].flatMap(({ field, types, defaults }) => {
    const value = whole.value[field];
    if (value === null) return [];
    return [{ field, ...fillFields(value as JsonObject, { types, defaults, path: `${field}.` }, source) }];
  });
  const loftq = whole.value.loftq_config as JsonObject;
  const checked = fillFields(loftq, { types: LOFTQ_FIELDS, defaults: {}, path: "loftq_config." }, source);
  const unknownParts = parts.filter(({ unknown }) => Object.keys(unknown).length > 0);
  return {
    config: {
      ...whole.value,
      ...Object.fromEntries(parts.map(({ field, value }) => [field, value])),
      loftq_config: loftq,
    },
    unknown: {
      ...whole.unknown,
      ...Object.fromEntries(unknownParts.map(({ field, unknown }) => [field, unknown])),
    },
    warnings: [...whole.warnings, ...parts.flatMap(({ warnings }) => warnings), ...checked.warnings],
  };
}

/** Lists that are sets in PEFT have one order and no entry twice; initialisations have one spelling. */
function withLists(config: LoraConfig): LoraConfig {
  return {
    ...config,
    target_modules: asSet(config.target_modules),
    exclude_modules: asSet(config.exclude_modules),
    init_lora_weights: initialisationOf(config.init_lora_weights),
  };
}

function asSet(names: readonly string[] | string | null): readonly string[] | string | null {
  return names === null || typeof names === "string" ? names : [...new Set(names)].sort(byCodePoint);
}

/** What PEFT sets right itself. Of these, only the first that applies is done there, and here. */
function adjust(config: LoraConfig): { config: LoraConfig; warnings: string[] } {
  const init = config.init_lora_weights;
  if (init !== "loftq" && Object.keys(config.loftq_config).length > 0) {
    return { config: { ...config, loftq_config: {} }, warnings: [ignored("loftq_config", init)] };
  }
  if (init === "loftq") return { config, warnings: [] };
  if (init === "eva" && config.eva_config === null) {
    return { config: { ...config, eva_config: DEFAULT_EVA_CONFIG }, warnings: [assumed("eva_config", init)] };
  }
  if (init !== "eva" && config.eva_config !== null)
    return { config, warnings: [ignored("eva_config", init)] };
  if (init === "corda" && config.corda_config === null) {
    return {
      config: { ...config, corda_config: DEFAULT_CORDA_CONFIG },
      warnings: [assumed("corda_config", init)],
    };
  }
  if (init !== "corda" && config.corda_config !== null)
    return { config, warnings: [ignored("corda_config", init)] };
  return { config, warnings: [] };
}

function ignored(field: string, init: string | boolean): string {
  return `${field} is not used: init_lora_weights is ${init}`;
}

function assumed(field: string, init: string): string {
  return `init_lora_weights is ${init} without ${field}: PEFT's defaults are taken`;
}

function notes(config: LoraConfig): string[] {
  const warnings: string[] = [];
  if (config.alora_invocation_tokens !== null && config.task_type !== "CAUSAL_LM") {
    warnings.push(`aLoRA works in language models only: task_type is ${config.task_type}, not CAUSAL_LM`);
  }
  const patterns = [config.rank_pattern, config.alpha_pattern].some(
    (pattern) => Object.keys(pattern).length > 0,
  );
  if (
    config.use_rslora &&
    patterns &&
    /^(?:pissa|olora$|corda$|lora_ga$)/.test(String(config.init_lora_weights))
  ) {
    warnings.push(
      `with use_rslora and patterns, an adapter initialised with ${config.init_lora_weights} cannot be converted ` +
        "to a plain LoRA after training",
    );
  }
  return warnings;
}
