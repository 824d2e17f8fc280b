import { LoraError } from "@lora/tensor";
import type { JsonObject } from "../config/json-text.ts";
import { PEFT_CONFIG } from "../config/lora-config-text.ts";
import type { LoraScales } from "../config/lora-scales.ts";
import { loraScales } from "../config/lora-scales.ts";
import type { ModuleScale } from "./_dialect.ts";

/** What PEFT adds to the rank that AdaLoRA divides by. */
const ADALORA_EPSILON = 1e-5;

/** Methods that multiply the weight. */
const MULTIPLYING: readonly unknown[] = ["OFT", "BOFT", "GLORA", "IA3"];

/** How a configuration of another method than LoRA scales its modules. */
export interface MethodScales {
  of(path: string): ModuleScale;
  /** As those of the LoRA that they become. */
  readonly scales: LoraScales;
}

/**
 * AdaLoRA: alpha / (init_r + 10⁻⁵), alpha being init_r where it is not above 0. LoHa and LoKr: alpha / r by their
 * patterns, also where LoKr stores both factors whole. OFT, BOFT, GLoRA and (IA)³ have no scale.
 *
 * @throws LoraError FORMAT when a rank or an alpha is no number above 0
 */
export function methodScales(fields: JsonObject): MethodScales {
  if (fields["peft_type"] === "ADALORA") {
    const rank = positive(fields, "init_r", 12);
    const given = fields["lora_alpha"];
    const alpha = typeof given === "number" && given > 0 ? given : rank;
    const scale = { alpha, scale: alpha / (rank + ADALORA_EPSILON), source: "config" } as const;
    return { of: () => scale, scales: scalesOf(fields, { rank, alpha, patterns: false }) };
  }
  if (MULTIPLYING.includes(fields["peft_type"])) {
    const none = { alpha: undefined, scale: 1, source: "none" } as const;
    return { of: () => none, scales: scalesOf(fields, { rank: 8, alpha: 8, patterns: false }) };
  }
  const scales = scalesOf(fields, {
    rank: positive(fields, "r", 8),
    alpha: positive(fields, "alpha", 8),
    patterns: true,
  });
  return {
    scales,
    of(path) {
      const { rank, alpha } = scales.of(path);
      return { alpha, scale: alpha / rank, source: "config" };
    },
  };
}

function scalesOf(
  fields: JsonObject,
  { rank, alpha, patterns }: { readonly rank: number; readonly alpha: number; readonly patterns: boolean },
): LoraScales {
  return loraScales({
    r: rank,
    lora_alpha: alpha,
    use_rslora: false,
    // AdaLoRA's pattern says which singular values are left, not ranks.
    rank_pattern: patterns ? numbers(fields, "rank_pattern") : {},
    alpha_pattern: patterns ? numbers(fields, "alpha_pattern") : {},
  });
}

/** A field that is a number above 0, or PEFT's default where it is not there. */
function positive(fields: JsonObject, field: string, initial: number): number {
  const value = fields[field] ?? initial;
  if (typeof value === "number" && value > 0) return value;
  throw new LoraError("FORMAT", `${field} must be a number above 0, and is ${JSON.stringify(value)}`, {
    sidecar: PEFT_CONFIG,
    field,
  });
}

function numbers(fields: JsonObject, field: string): Record<string, number> {
  const entries = Object.entries(fields[field] ?? {});
  return Object.fromEntries(
    entries.filter((entry): entry is [string, number] => typeof entry[1] === "number"),
  );
}
