import type { Architecture, Clues } from "./_architecture.ts";
import { inputWidth, somePath } from "./_clues.ts";
import { DENOISERS, denoiserScore } from "./_denoiser.ts";

const WIDTH = 3072;

/** Layers that only its blocks have. */
const OWN = /^transformer_blocks_\d+_(?:(?:img|txt)_mlp_net_(?:0_proj|2)|(?:img|txt)_mod_1)$/;
const ATTENTION = /^transformer_blocks_\d+_attn_(?:to_[qkv]|add_[qkv]_proj|to_out_0|to_add_out)$/;
/** What FLUX.1 has besides such an attention. */
const OTHERS = /^(?:single_transformer_blocks|transformer_blocks_\d+_(?:ff|norm1))_/;

export const qwenImage: Architecture = {
  id: "qwen-image",
  title: "Qwen-Image",
  source: "QwenLM/Qwen-Image; diffusers transformer_qwenimage.py",
  score: (clues) =>
    Math.max(denoiserScore(clues, { bases: ["qwen-image", "qwen_image"], path: OWN }), attentionScore(clues)),
};

/** Attention alone is as wide as that of FLUX.1, whose files name their component. */
function attentionScore(clues: Clues): number {
  if (somePath(clues, DENOISERS, OTHERS)) return 0;
  return inputWidth(clues, ["model"], ATTENTION) === WIDTH ? 0.4 : 0;
}
