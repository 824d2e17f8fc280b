import { LoraError } from "@lora/tensor";
import type { JsonObject } from "./json-text.ts";
import { pythonSuffixPattern } from "./python-pattern.ts";

/** What a LoRA configuration says of one module. */
export interface RankAndAlpha {
  readonly rank: number;
  readonly alpha: number;
}

/** The fields of PEFT's `LoraConfig` that give an update its size. */
export interface LoraScales {
  /** scale = alpha / √rank in place of alpha / rank */
  readonly rsLora: boolean;
  /** @param path of a module, without `base_model.model.` */
  of(path: string): RankAndAlpha;
}

/** PEFT's defaults for fields that a file leaves out. */
const DEFAULT_RANK = 8;
const DEFAULT_ALPHA = 8;

/**
 * Reads rank and alpha, with their patterns: the first key that fits wins, as in PEFT.
 *
 * @param config `adapter_config.json`, parsed
 * @param where its name, for messages
 * @throws LoraError FORMAT when a field has the wrong type; UNSUPPORTED when a pattern cannot be translated
 * @see PEFT LoraConfig; arXiv 2312.03732 for rsLoRA
 */
export function loraScales(config: JsonObject, where: string): LoraScales {
  const rank = positive(config, "r", where) ?? DEFAULT_RANK;
  const alpha = positive(config, "lora_alpha", where) ?? DEFAULT_ALPHA;
  const ranks = patterns(config, "rank_pattern", where);
  const alphas = patterns(config, "alpha_pattern", where);
  return {
    rsLora: config["use_rslora"] === true,
    of: (path) => ({
      rank: ranks.find(({ fits }) => fits(path))?.value ?? rank,
      alpha: alphas.find(({ fits }) => fits(path))?.value ?? alpha,
    }),
  };
}

/** α/r, or α/√r for rsLoRA. */
export function scaleOf({ rank, alpha }: RankAndAlpha, rsLora: boolean): number {
  return alpha / (rsLora ? Math.sqrt(rank) : rank);
}

/** The inverse of `scaleOf` for alpha. */
export function alphaOf(scale: number, rank: number, rsLora: boolean): number {
  return scale * (rsLora ? Math.sqrt(rank) : rank);
}

interface PatternValue {
  readonly fits: (path: string) => boolean;
  readonly value: number;
}

function patterns(config: JsonObject, field: string, where: string): PatternValue[] {
  const value = config[field] ?? {};
  if (typeof value !== "object" || Array.isArray(value))
    throw wrongType(field, "an object", { value, where });
  return Object.keys(value).map((key) => {
    const entry = positive(value as JsonObject, key, where);
    if (entry === undefined) throw wrongType(`${field}.${key}`, "a number above 0", { value: entry, where });
    return { fits: pythonSuffixPattern(key), value: entry };
  });
}

function positive(config: JsonObject, field: string, where: string): number | undefined {
  const value = config[field];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "number" || !(value > 0)) throw wrongType(field, "a number above 0", { value, where });
  return value;
}

function wrongType(field: string, rule: string, found: { value: unknown; where: string }): LoraError {
  return new LoraError("FORMAT", `${field} must be ${rule}, and is ${JSON.stringify(found.value)}`, {
    field,
    sidecar: found.where,
    value: found.value,
  });
}
