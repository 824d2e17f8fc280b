import type { Architecture } from "./_architecture.ts";
import { denoiserScore } from "./_denoiser.ts";

export const chroma: Architecture = {
  id: "chroma",
  title: "Chroma",
  source: "lodestone-rock/flow; diffusers transformer_chroma.py",
  score: (clues) =>
    denoiserScore(clues, {
      bases: ["chroma"],
      path: /^distilled_guidance_layer_/,
    }),
};
