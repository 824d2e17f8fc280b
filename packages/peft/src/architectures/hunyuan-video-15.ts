import type { Architecture } from "./_architecture.ts";
import { hunyuanScore } from "./_hunyuan.ts";

export const hunyuanVideo15: Architecture = {
  id: "hunyuan-video-15",
  title: "HunyuanVideo 1.5",
  source: "Tencent-Hunyuan/HunyuanVideo-1.5; diffusers transformer_hunyuan_video15.py",
  score: (clues) =>
    hunyuanScore(clues, {
      bases: ["hunyuan-video-1.5", "hunyuan_video_1_5", "hunyuan-video-1_5"],
      width: 2048,
    }),
};
