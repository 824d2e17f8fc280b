import type { Architecture } from "./_architecture.ts";
import { denoiserScore } from "./_denoiser.ts";

export const krea2: Architecture = {
  id: "krea2",
  title: "Krea 2",
  source: "krea-ai; InvokeAI backend/patches/lora_conversions",
  score: (clues) =>
    denoiserScore(clues, {
      bases: ["krea2", "krea-2"],
      path: /^(?:blocks|txtfusion_(?:layerwise|refiner)_blocks)_\d+_attn_(?:w[qkvo]|gate)$/,
    }),
};
