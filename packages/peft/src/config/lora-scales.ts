import { LoraError } from "@lora/tensor";
import type { LoraConfig } from "./lora-config.ts";
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

/**
 * Rank and alpha of every module, by the patterns: the first key that fits wins, as in PEFT.
 *
 * @throws LoraError USAGE or UNSUPPORTED when a key is no expression that is understood
 * @see PEFT LoraConfig; arXiv 2312.03732 for rsLoRA
 */
export function loraScales(
  config: Pick<LoraConfig, "r" | "lora_alpha" | "rank_pattern" | "alpha_pattern" | "use_rslora">,
): LoraScales {
  const ranks = patterns(config.rank_pattern);
  const alphas = patterns(config.alpha_pattern);
  return {
    rsLora: config.use_rslora,
    of: (path) => ({
      rank: ranks.find(({ fits }) => fits(path))?.value ?? config.r,
      alpha: alphas.find(({ fits }) => fits(path))?.value ?? config.lora_alpha,
    }),
  };
}

/**
 * The same for the configuration of a file.
 *
 * @param where name of the configuration, for messages
 * @throws LoraError FORMAT or UNSUPPORTED when a key is no expression that is understood
 */
export function storedScales(config: LoraConfig, where: string): LoraScales {
  try {
    return loraScales(config);
  } catch (error) {
    if (!(error instanceof LoraError) || error.code !== "USAGE") throw error;
    const { facts, advice } = error;
    throw new LoraError("FORMAT", error.message, { ...facts, sidecar: where, advice, cause: error });
  }
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

function patterns(values: Readonly<Record<string, number>>): PatternValue[] {
  return Object.entries(values).map(([key, value]) => ({ fits: pythonSuffixPattern(key), value }));
}
