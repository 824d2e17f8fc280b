import type { Architecture } from "./_architecture.ts";
import { denoiserScore } from "./_denoiser.ts";

export const hunyuanVideo: Architecture = {
  id: "hunyuan-video",
  title: "HunyuanVideo",
  source: "Tencent/HunyuanVideo hyvideo/modules/models.py; diffusers transformer_hunyuan_video.py",
  score: (clues) =>
    denoiserScore(clues, {
      bases: ["hunyuan"],
      path: /^(?:double_blocks_\d+_(?:img|txt)_(?:mlp_fc[12]|mod_linear)|single_blocks_\d+_modulation_linear|txt_in_individual_token_refiner_.*|context_embedder_token_refiner_.*)$/,
    }),
};
