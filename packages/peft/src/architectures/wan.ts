import type { Architecture } from "./_architecture.ts";
import { denoiserScore } from "./_denoiser.ts";

export const wan: Architecture = {
  id: "wan",
  title: "Wan 2.1, 2.2",
  source: "Wan-Video/Wan2.1 wan/modules/model.py; diffusers transformer_wan.py",
  score: (clues) =>
    denoiserScore(clues, {
      bases: ["wan"],
      path: /^(?:blocks_\d+_(?:(?:self|cross)_attn_(?:[qkvo]|[kv]_img)|attn[12]_(?:to_[qkv]|to_out_0|add_[kv]_proj)|ffn_(?:[02]|net_0_proj|net_2))|condition_embedder_.*)$/,
    }),
};
