import type { Architecture } from "./_architecture.ts";
import { hunyuanScore } from "./_hunyuan.ts";

export const hunyuanImage: Architecture = {
  id: "hunyuan-image",
  title: "HunyuanImage 2.1",
  source: "Tencent-Hunyuan/HunyuanImage-2.1 hunyuanimage_dit.py; diffusers transformer_hunyuanimage.py",
  score: (clues) => hunyuanScore(clues, { bases: ["hunyuan-image", "hunyuan_image"], width: 3584 }),
};
