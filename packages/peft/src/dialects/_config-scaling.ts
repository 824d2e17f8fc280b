import type { TensorFile } from "@lora/tensor";
import { LoraError } from "@lora/tensor";
import type { AdapterModule } from "../adapter.ts";
import { PEFT_CONFIG } from "../config/lora-config-text.ts";
import type { LoraScales } from "../config/lora-scales.ts";
import { alphaOf, scaleOf } from "../config/lora-scales.ts";
import type { ModuleScale, ScaledModule } from "./_dialect.ts";

/**
 * The scale that a LoRA configuration gives to a module.
 *
 * @param where name of the configuration, for messages
 * @throws LoraError SHAPE when it gives the module another rank than its tensors have
 */
export function configuredScale(scales: LoraScales, module: ScaledModule, where: string): ModuleScale {
  const { rank, alpha } = scales.of(module.path);
  if (rank !== module.rank) {
    throw new LoraError(
      "SHAPE",
      `${where} gives the module rank ${rank}, its tensors have rank ${module.rank}`,
      {
        module: module.name,
        configured: rank,
        rank: module.rank,
        advice: "correct r or rank_pattern: PEFT refuses to load such an adapter",
      },
    );
  }
  return { alpha, scale: scaleOf({ rank, alpha }, scales.rsLora), source: "config" };
}

/** The same module at another rank, with the alpha that keeps its scale, as exactly as alpha can. */
export function configuredAt(scales: LoraScales, module: AdapterModule, rank: number): ModuleScale {
  const alpha = alphaOf(module.scale, rank, scales.rsLora);
  return { alpha, scale: scaleOf({ rank, alpha }, scales.rsLora), source: "config" };
}

/** The error for weights of PEFT without what says their scales. */
export function missingConfig(file: TensorFile): LoraError {
  return new LoraError(
    "MISSING",
    `${PEFT_CONFIG} is not beside the weights, and rank and alpha are only there`,
    {
      file: file.name,
      sidecar: PEFT_CONFIG,
      advice: `put the adapter's ${PEFT_CONFIG} into the same folder; if a scale of 1 is right, read it in the dialect generic`,
    },
  );
}
