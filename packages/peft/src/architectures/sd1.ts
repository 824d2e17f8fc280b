import { withoutWeight } from "../pairing/weight-name.ts";
import type { Architecture } from "./_architecture.ts";
import { stableDiffusionScore } from "./_stable-diffusion.ts";

const TEXT_ENCODER = "cond_stage_model.transformer.";

export const sd1: Architecture = {
  id: "sd1",
  title: "Stable Diffusion 1",
  source:
    "CompVis/stable-diffusion checkpoints; diffusers scripts/convert_diffusers_to_original_stable_diffusion.py",
  score: (clues) =>
    stableDiffusionScore(clues, {
      context: 768,
      bases: ["sd_v1", "sd_1", "stable-diffusion-v1"],
      textWidth: 768,
    }),
  aliases(name) {
    if (!name.startsWith(TEXT_ENCODER)) return [];
    return [{ component: "te1", path: withoutWeight(name.slice(TEXT_ENCODER.length)) }];
  },
};
