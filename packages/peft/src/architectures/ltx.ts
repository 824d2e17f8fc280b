import type { Architecture } from "./_architecture.ts";
import { denoiserScore } from "./_denoiser.ts";

export const ltx: Architecture = {
  id: "ltx",
  title: "LTX-Video, LTX-2",
  source: "Lightricks/LTX-Video; diffusers transformer_ltx.py",
  score: (clues) =>
    denoiserScore(clues, {
      bases: ["ltx"],
      path: /^transformer_blocks_\d+_attn[12]_(?:to_[qkv]|to_out_0)$/,
      widths: [2048, 4096],
    }),
};
