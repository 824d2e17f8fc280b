import type { Architecture } from "./_architecture.ts";
import { inputWidth, namesBase, somePath } from "./_clues.ts";

/** Widths of SD3 medium and SD3.5 large; other models with such blocks are wider. */
const WIDTHS = [1536, 2432];

export const sd3: Architecture = {
  id: "sd3",
  title: "Stable Diffusion 3",
  source: "Stability-AI/sd3.5 mmditx.py; diffusers transformer_sd3.py",
  score(clues) {
    if (namesBase(clues, ["sd3", "stable-diffusion-3", "stable-diffusion-v3"])) return 1;
    if (somePath(clues, ["unet", "transformer", "model"], /^joint_blocks_\d+_/)) return 0.9;
    const width = inputWidth(
      clues,
      ["unet", "transformer"],
      /^transformer_blocks_\d+_attn_(?:add_[qkv]_proj|to_[qkv])$/,
    );
    return width !== undefined && WIDTHS.includes(width) ? 0.8 : 0;
  },
};
