import type { Architecture } from "./_architecture.ts";
import { denoiserScore } from "./_denoiser.ts";

export const anima: Architecture = {
  id: "anima",
  title: "Anima",
  source: "circlestone-labs/Anima; diffusers transformer_cosmos.py",
  score: (clues) =>
    denoiserScore(clues, {
      bases: ["anima"],
      path: /^blocks_\d+_(?:(?:self|cross)_attn_(?:[qkv]|output)_proj|mlp_layer[12]|adaln_modulation_.*)$/,
    }),
};
