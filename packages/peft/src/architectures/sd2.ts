import type { Architecture } from "./_architecture.ts";
import { openClipAliases } from "./_open-clip.ts";
import { stableDiffusionScore } from "./_stable-diffusion.ts";

const TEXT_ENCODER = "cond_stage_model.model.";

export const sd2: Architecture = {
  id: "sd2",
  title: "Stable Diffusion 2",
  source: "Stability-AI/stablediffusion checkpoints; OpenCLIP ViT-H text encoder",
  score: (clues) =>
    stableDiffusionScore(clues, {
      context: 1024,
      bases: ["sd_v2", "sd_2", "stable-diffusion-v2"],
      textWidth: 1024,
    }),
  aliases: (name, shape) =>
    name.startsWith(TEXT_ENCODER) ? openClipAliases(name.slice(TEXT_ENCODER.length), shape, "te1") : [],
};
