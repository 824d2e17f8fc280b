import type { Architecture } from "./_architecture.ts";
import { denoiserScore } from "./_denoiser.ts";

export const zImage: Architecture = {
  id: "z-image",
  title: "Z-Image",
  source: "Tongyi-MAI/Z-Image; diffusers transformer_z_image.py",
  score: (clues) =>
    denoiserScore(clues, {
      bases: ["z-image", "z_image", "zimage"],
      path: /^(?:layers|noise_refiner|context_refiner)_\d+_(?:attention_(?:qkv|to_[qkv]|to_out_0|out)|feed_forward_w[123])$/,
      widths: [3840, 10240],
    }),
};
