import type { Architecture } from "./_architecture.ts";
import { denoiserScore } from "./_denoiser.ts";

export const lumina2: Architecture = {
  id: "lumina2",
  title: "Lumina Image 2.0",
  source: "Alpha-VLLM/Lumina-Image-2.0 models/model.py; diffusers transformer_lumina2.py",
  score: (clues) =>
    denoiserScore(clues, {
      bases: ["lumina"],
      path: /^(?:layers|noise_refiner|context_refiner)_\d+_(?:attention_(?:qkv|out)|attn_to_(?:[qkv]|out_0)|feed_forward_(?:w|linear_)[123])$/,
      widths: [2304, 9216],
    }),
};
